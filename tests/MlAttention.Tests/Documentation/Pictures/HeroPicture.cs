using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The README's first picture: what both models answer to six orders of the same words, beside what each position scheme gains.</summary>
internal static class HeroPicture
{
    private const int Width = 980, TextsWidth = 556, Top = 74, Row = 26, With = 384, Without = 474, PlotTop = 44;

    public static string Draw()
    {
        var (report, siblings) = (MainJob.Report, MainJob.Siblings);
        string[] headline = VerdictWriter.Write(report).Headline.Split(": ", 2);
        string plot = new EffectPlot().Draw(report)!;
        int height = Math.Max(PlotTop + HeightOf(plot), Top + siblings.Count * Row + 60);
        var svg = new SvgWriter(Width, height);
        svg.Text(12, 22, headline[0], "heading").Text(12, 38, headline[1], "small");
        svg.Text(12, Top - 12, "six orders of the same words", "small").Text(With, Top - 12, "with positions", "small").Text(Without, Top - 12, "without", "small");
        for (int i = 0; i < siblings.Count; i++)
        {
            double y = Top + i * Row;
            svg.Line(12, y - 6, TextsWidth - 12, y - 6, "grid").Text(12, y + 12, siblings[i].Text);
            Answer(With, y + 12, siblings[i].First);
            Answer(Without, y + 12, siblings[i].Second);

            void Answer(double x, double baseline, TextVote vote) => svg.Text(x, baseline, $"{(vote.Class == siblings[i].Label ? "✓" : "✗")} {report.Data.Classes[vote.Class]}", vote.Class == siblings[i].Label ? "heading" : "small");
        }
        double below = Top + siblings.Count * Row + 12;
        svg.Line(12, below - 18, TextsWidth - 12, below - 18, "grid")
            .Text(12, below, "Whose field is it? The label is that of the person who acts.", "small")
            .Text(12, below + 15, $"Without positions every order gets one answer, right for {siblings.Count(text => text.Second.Class == text.Label)} of {siblings.Count}. {report.Plan.Seeds.Count} seeds vote.", "small");
        string right = string.Join(", ", siblings.Select(text => $"\"{text.Text}\": with positions {report.Data.Classes[text.First.Class]}, without {report.Data.Classes[text.Second.Class]}, label {report.Data.Classes[text.Label]}"));
        string whole = svg.ToSvg("hero", headline[0], $"{headline[1]} {right}.");
        string inner = plot[(plot.IndexOf('>', StringComparison.Ordinal) + 1)..plot.LastIndexOf("</svg>", StringComparison.Ordinal)];
        return whole.Insert(whole.LastIndexOf("</svg>", StringComparison.Ordinal), $"<g transform=\"translate({TextsWidth} {PlotTop})\">{inner}</g>\n");
    }

    private static int HeightOf(string svg) => int.Parse(StandaloneSvg.Size(svg, 1).Split(',')[1], System.Globalization.CultureInfo.InvariantCulture);
}
