using System.Text.Json;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>Where the decoder of examples/Translate looks while it writes a translation: the numbers that the example has written.</summary>
internal static class CrossAttentionPicture
{
    private const int Cell = 32, Left = 86, Top = 96;

    private static readonly Run s_run = JsonSerializer.Deserialize<Run>(File.ReadAllText(Path.Combine(Picture.Folder, "cross_attention.json")))!;

    public static string Draw()
    {
        var (width, height) = (Cell * s_run.Source.Length, Cell * s_run.Target.Length);
        var svg = new SvgWriter(Left + width + 40, Top + height + 40);
        svg.Text(Left, 16, "the decoder writes ↓   looking at →", "small");
        foreach (var (column, token) in s_run.Source.Index()) svg.Text(Left + Cell * column + Cell / 2 + 4, Top - 6, token, "label", "start", -60);
        var cells = new HeatCells(largest: 1);
        foreach (var (row, token) in s_run.Target.Index())
        {
            svg.Text(Left - 8, Top + Cell * row + Cell / 2 + 4, token, "label", "end");
            foreach (var (column, weight) in s_run.Weights[row].Index())
            {
                svg.Rectangle(Left + Cell * column, Top + Cell * row, Cell - 1, Cell - 1, "band");
                cells.Add(Left + Cell * column, Top + Cell * row, Cell - 1, Cell - 1, weight);
            }
        }
        cells.Draw(svg);
        cells.DrawBar(svg, Left, Top + height + 10, isSigned: false, weight => weight == 0 ? "0" : "1");
        return svg.ToSvg("cross-attention", "Where the decoder looks while it writes a translation",
            $"A row for each word that is written, a column for each word that is read. Most weight: {string.Join(", ", s_run.Target.Select((token, row) => $"{token} on {s_run.Source[s_run.Weights[row].Index().MaxBy(weight => weight.Item).Index]}"))}.");
    }

    private sealed record Run(string[] Source, string[] Target, double[][] Weights);
}
