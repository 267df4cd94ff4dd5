using System.Text;

namespace MlAttention.Ablation.Reporting;

/// <summary>The report's main parts for a paper: methods, accuracy, comparisons and references, as a document that compiles on its own.</summary>
internal static class LatexReport
{
    private static readonly string[] s_comparisonColumns = ["question", "outcome", "first", "second", "difference", "interval, seeds and texts", "p, Holm"];

    /// <summary>The whole file.</summary>
    public static string Write(OrderingAblationReport report)
    {
        var text = new StringBuilder();
        text.Append("% For pdflatex, xelatex or lualatex; the parts between \\begin{document} and \\end{document} can be taken into a paper.\n");
        text.Append("\\begin{filecontents}{mlattention.bib}\n").Append(MethodsText.BibTeX(report)).Append("\\end{filecontents}\n");
        text.Append("\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n\\usepackage{booktabs,graphicx,textcomp}\n\\begin{document}\n");
        text.Append("\\section*{").Append(Escape(VerdictWriter.Title(report))).Append("}\n").Append(Escape(VerdictWriter.Write(report).Headline)).Append("\n\n");
        text.Append("\\paragraph{Methods.} ").Append(Escape(MethodsText.Paragraph(report))).Append(" Software: \\cite{mlattention}; statistics: \\cite{bouthillier2021variance,holm1979}.\n\n");
        Append(text, ReportTables.Accuracy(report), [.. ReportTables.Accuracy(report).Columns]);
        Append(text, ReportTables.Comparisons(report), s_comparisonColumns);
        return text.Append("\\bibliographystyle{plain}\n\\bibliography{mlattention}\n\\end{document}\n").ToString();
    }

    private static void Append(StringBuilder text, ReportTable table, string[] columns)
    {
        if (table.Rows.Count == 0) return;
        int[] taken = [.. columns.Select(column => table.Columns.Index().First(entry => entry.Item == column).Index)];
        text.Append("\\begin{table}[ht]\n\\centering\n\\caption{").Append(Escape(table.Title)).Append("}\n\\resizebox{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}{!}{%\n\\begin{tabular}{");
        foreach (int column in taken) text.Append(column < table.NumericFrom ? 'l' : 'r');
        text.Append("}\n\\toprule\n");
        AppendRow(text, [.. taken.Select(column => table.Columns[column])]);
        text.Append("\\midrule\n");
        foreach (var row in table.Rows) AppendRow(text, [.. taken.Select(column => row[column])]);
        text.Append("\\bottomrule\n\\end{tabular}}\n\\end{table}\n\n");
    }

    private static void AppendRow(StringBuilder text, string[] cells) => text.AppendJoin(" & ", cells.Select(Escape)).Append(" \\\\\n");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in text.ReplaceLineEndings(" ").EnumerateRunes()) escaped.Append(Escape(rune));
        return escaped.ToString();
    }

    private static string Escape(Rune rune) => rune.Value switch
    {
        '\\' => "\\textbackslash{}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '[' or ']' => $"{{{rune}}}", // after a line break, a bracket would be its argument
        '#' or '$' or '%' or '&' or '_' or '{' or '}' => $"\\{rune}",
        'Ω' => "$\\Omega$",
        '±' => "\\textpm{}",
        '²' => "\\texttwosuperior{}",
        '–' => "--",
        '·' => "\\textperiodcentered{}",
        _ => rune.ToString(),
    };
}
