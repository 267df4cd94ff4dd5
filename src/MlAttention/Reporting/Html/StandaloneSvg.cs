using System.Globalization;
using System.Text.RegularExpressions;

namespace MlAttention.Reporting.Html;

/// <summary>A figure outside the page: with a size, a white ground and the light style's colours in place of variables.</summary>
internal static partial class StandaloneSvg
{
    /// <summary>The figure as a file of its own.</summary>
    public static string Of(string svg, int scale)
    {
        var (width, height) = SizeOf(svg);
        var colors = Variable().Matches(HtmlStyle.Css).GroupBy(match => match.Groups[1].Value).ToDictionary(name => name.Key, name => name.First().Groups[2].Value);
        string style = VariableUse().Replace(FigureRules(), use => colors[use.Groups[1].Value]).Replace("system-ui, \"Segoe UI\", \"Noto Sans\", ", "", StringComparison.Ordinal);
        return svg.Insert(svg.IndexOf('>', StringComparison.Ordinal) + 1, $"<style>{style}</style><rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")
            .Replace("<svg ", string.Create(CultureInfo.InvariantCulture, $"<svg width=\"{width * scale}\" height=\"{height * scale}\" "), StringComparison.Ordinal);
    }

    /// <summary>"width,height" in pixels.</summary>
    public static string Size(string svg, int scale)
    {
        var (width, height) = SizeOf(svg);
        return string.Create(CultureInfo.InvariantCulture, $"{width * scale},{height * scale}");
    }

    private static (int Width, int Height) SizeOf(string svg)
    {
        var box = ViewBox().Match(svg);
        return (int.Parse(box.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(box.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static string FigureRules() => string.Join('\n', HtmlStyle.Css.Split('\n').Where(line => line.StartsWith("svg text", StringComparison.Ordinal) || line.StartsWith('.') && !line.StartsWith(".verdict", StringComparison.Ordinal) && !line.StartsWith(".figures", StringComparison.Ordinal) && !line.StartsWith(".table", StringComparison.Ordinal)));

    [GeneratedRegex("--([a-z0-9]+): (#[0-9a-f]{6})")]
    private static partial Regex Variable();

    [GeneratedRegex(@"var\(--([a-z0-9]+)\)")]
    private static partial Regex VariableUse();

    [GeneratedRegex("viewBox=\"0 0 ([0-9]+) ([0-9]+)\"")]
    private static partial Regex ViewBox();
}
