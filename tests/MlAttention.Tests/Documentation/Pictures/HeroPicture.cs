using System.Globalization;
using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The README's first picture: what both models answer to six orders of the same words, and what each position scheme gains.</summary>
/// <param name="textsWidth">Width of the texts with their answers.</param>
/// <param name="with">Where the answers with positions begin; those without positions follow.</param>
/// <param name="linesOfAText">Lines for each text and for the headline's rest.</param>
/// <param name="isPlotBeside">Whether the forest plot stands beside the texts, or below them.</param>
internal sealed class HeroPicture(int textsWidth, int with, int linesOfAText, bool isPlotBeside)
{
    private const int PlotWidth = 420, Left = 12, LineHeight = 13, AnswerWidth = 88;

    /// <summary>For wide pages.</summary>
    public static HeroPicture Wide { get; } = new(textsWidth: 556, with: 384, linesOfAText: 1, isPlotBeside: true);

    /// <summary>For telephones.</summary>
    public static HeroPicture Narrow { get; } = new(textsWidth: PlotWidth, with: 236, linesOfAText: 2, isPlotBeside: false);

    public string Draw()
    {
        var (report, siblings, plot) = (MainJob.Report, MainJob.Siblings, new EffectPlot().Draw(MainJob.Report)!);
        string[] headline = VerdictWriter.Write(report).Headline.Split(": ", 2);
        int row = LineHeight * (linesOfAText + 1), top = 61 + LineHeight * linesOfAText, below = top + siblings.Count * row + 12;
        int plotTop = isPlotBeside ? 44 : below + 2 * LineHeight * linesOfAText;
        var svg = new SvgWriter(isPlotBeside ? textsWidth + PlotWidth + 4 : textsWidth, Math.Max(plotTop + HeightOf(plot), below + 48));
        Lines(svg, 22, headline[0], "heading");
        Lines(svg, 22 + LineHeight * linesOfAText + 3, headline[1], "small");
        svg.Text(with, top - 12, "with positions", "small").Text(with + AnswerWidth, top - 12, "without", "small");
        for (int i = 0; i < siblings.Count; i++)
        {
            double y = top + i * row;
            svg.Line(Left, y - 6, textsWidth - Left, y - 6, "grid");
            Lines(svg, y + 12, siblings[i].Text, "label");
            Answer(with, siblings[i].First);
            Answer(with + AnswerWidth, siblings[i].Second);

            void Answer(double x, TextVote vote) => svg.Text(x, y + 12, $"{(vote.Class == siblings[i].Label ? "✓" : "✗")} {report.Data.Classes[vote.Class]}", vote.Class == siblings[i].Label ? "heading" : "small");
        }
        svg.Line(Left, below - 18, textsWidth - Left, below - 18, "grid").Text(Left, below, "Whose field is it? The label is that of the person who acts.", "small");
        Lines(svg, below + 15, $"Without positions every order gets one answer, right for {siblings.Count(text => text.Second.Class == text.Label)} of {siblings.Count}. {report.Plan.Seeds.Count} seeds vote.", "small");
        string answers = string.Join(", ", siblings.Select(text => $"\"{text.Text}\": with positions {report.Data.Classes[text.First.Class]}, without {report.Data.Classes[text.Second.Class]}, label {report.Data.Classes[text.Label]}"));
        string whole = svg.ToSvg("hero", headline[0], $"{headline[1]} {answers}.");
        string inner = plot[(plot.IndexOf('>', StringComparison.Ordinal) + 1)..plot.LastIndexOf("</svg>", StringComparison.Ordinal)];
        return whole.Insert(whole.LastIndexOf("</svg>", StringComparison.Ordinal), $"<g transform=\"translate({(isPlotBeside ? textsWidth : 0)} {plotTop})\">{inner}</g>\n");
    }

    private void Lines(SvgWriter svg, double y, string text, string style)
    {
        int middle = linesOfAText == 1 || text.Length < 40 ? -1 : text.IndexOf(' ', text.Length / 2);
        svg.Text(Left, y, middle < 0 ? text : text[..middle], style);
        if (middle >= 0) svg.Text(Left, y + LineHeight, text[(middle + 1)..], style);
    }

    private static int HeightOf(string svg) => int.Parse(XElement.Parse(svg).Attribute("viewBox")!.Value.Split(' ')[3], CultureInfo.InvariantCulture);
}
