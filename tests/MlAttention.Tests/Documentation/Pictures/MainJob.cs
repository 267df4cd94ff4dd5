using System.Text.Json;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>One run of the main job, kept with the pictures: its report without attention weights, and of its texts one group of siblings.</summary>
internal static class MainJob
{
    private static readonly string s_file = Path.Combine(Picture.Folder, "word_order.json");

    /// <summary>The report.</summary>
    public static OrderingAblationReport Report => ReportExporter.ReadJson(File.ReadAllText(s_file));

    /// <summary>The arrangements of one bag of words, with what the seeds of both models voted.</summary>
    public static IReadOnlyList<TestedText> Siblings => Report.Texts!.Texts;

    /// <summary>The lines of the table of accuracies that the README shows: texts in order, and the models without attention.</summary>
    public static IReadOnlyList<string> TableLines
    {
        get
        {
            var table = ReportTables.Accuracy(Report);
            return
            [
                Line(table.Columns), Line(table.Columns.Select((_, column) => column is 0 or 3 ? "---" : "---:")),
                .. table.Rows.Where(row => !row[0].Contains("shuffled", StringComparison.Ordinal)).Select(Line),
            ];
        }
    }

    /// <summary>Keeps a new run in place of the old one.</summary>
    public static void Keep(string reportFile)
    {
        var report = ReportExporter.ReadJson(File.ReadAllText(reportFile));
        var siblings = report.Texts!.Texts.GroupBy(text => text.Group).Where(group => group.Count() == 6)
            .OrderByDescending(group => group.Count(text => text.First.Class == text.Label)).ThenByDescending(group => group.Sum(text => text.First.For)).ThenBy(group => group.Max(text => text.Text.Length)).First();
        File.WriteAllText(s_file, JsonSerializer.Serialize(report with { AttentionStudy = null, Texts = report.Texts with { Texts = [.. siblings] } }, AblationJson.Options) + "\n");
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
