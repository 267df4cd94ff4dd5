using System.Text;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Ablation.Reporting;

/// <summary>Buttons that hide and show a scheme in every figure and table of the page; they appear where scripts run.</summary>
internal sealed class SchemeToggle
{
    private static readonly string[] s_columns = ["variant", "positions", "first"];

    private readonly IReadOnlyList<Scheme> _schemes;
    private readonly Dictionary<string, Scheme> _byName = [];
    private readonly string[] _columns;

    /// <summary>Of the schemes of some reports.</summary>
    public SchemeToggle(params IReadOnlyList<OrderingAblationReport> reports)
    {
        _schemes = [.. reports.SelectMany(Scheme.All).Distinct()];
        foreach (var positions in Enum.GetValues<PositionScheme>()) _byName[VariantNames.Of(positions)] = Scheme.Of(positions);
        foreach (var variant in reports.SelectMany(report => report.Variants).Select(result => result.Variant)) _byName[variant.Name] = Scheme.Of(variant);
        foreach (var baseline in reports.SelectMany(report => report.Baselines)) _byName[$"({baseline.Name})"] = Scheme.WithoutAttention;
        _columns = reports is [{ Pretrained: not null }] ? ["variant", "second"] : s_columns; // ordered is the first of all that it is compared with
    }

    /// <summary>The buttons.</summary>
    public void Append(StringBuilder page)
    {
        if (_schemes.Count < 2) return;
        page.Append("<div class=\"schemes\" role=\"group\" aria-label=\"Schemes shown in all figures and tables\" hidden=\"\">\n");
        foreach (var scheme in _schemes)
            page.Append("<button type=\"button\" aria-pressed=\"true\" data-toggles=\"").Append(SvgWriter.Escape(scheme.Name)).Append("\">").Append(SvgWriter.Glyph(scheme.Series)).Append(SvgWriter.Escape(scheme.Name)).Append("</button>\n");
        page.Append("</div>\n");
    }

    /// <summary>The attribute of a table's row that names its scheme; empty where it belongs to none.</summary>
    public string AttributeOf(ReportTable table, IReadOnlyList<string> row)
    {
        int column = _columns.Select(name => Array.IndexOf([.. table.Columns], name)).FirstOrDefault(index => index >= 0, -1);
        return column >= 0 && _byName.TryGetValue(row[column], out var scheme) ? scheme.Attribute : "";
    }
}
