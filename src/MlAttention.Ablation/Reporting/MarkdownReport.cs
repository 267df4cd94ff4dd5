using System.Text;
using System.Text.RegularExpressions;

namespace MlAttention.Ablation.Reporting;

/// <summary>The report as Markdown.</summary>
internal static partial class MarkdownReport
{
    /// <summary>The whole file.</summary>
    public static string Write(OrderingAblationReport report)
    {
        var verdict = VerdictWriter.Write(report);
        var text = new StringBuilder();
        text.Append("# ").Append(Escape(VerdictWriter.Title(report))).Append("\n\n**").Append(Escape(verdict.Headline)).Append("**\n\n");
        foreach (string sentence in verdict.Evidence) text.Append("- ").Append(Escape(sentence)).Append('\n');
        Append(text, ReportTables.Accuracy(report));
        text.Append("\n## What may not be concluded\n\n");
        foreach (string sentence in verdict.Limits) text.Append("- ").Append(Escape(sentence)).Append('\n');
        foreach (var table in ReportTables.AfterAccuracy(report))
            if (table.Rows.Count > 0) Append(text, table);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReportTable table)
    {
        text.Append("\n## ").Append(Escape(table.Title)).Append("\n\n");
        AppendRow(text, table.Columns);
        text.Append('|').AppendJoin('|', table.Columns.Select((_, column) => column < table.NumericFrom ? "---" : "---:")).Append("|\n");
        foreach (var row in table.Rows) AppendRow(text, row);
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");

    private static string Escape(string text) => Special().Replace(text.ReplaceLineEndings(" "), @"\$0");

    [GeneratedRegex(@"[|*_`\[\]<\\#]")]
    private static partial Regex Special();
}
