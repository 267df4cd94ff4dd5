using MlAttention.Ablation;
using static MlAttention.Reporting.ReportText;

namespace MlAttention.Reporting.Figures;

/// <summary>Accuracy of every variant and baseline: each seed a point, the mean a bar, chance a dashed line.</summary>
internal sealed class AccuracyPlot : IReportFigure
{
    private const int Width = 420, Left = 168, Right = 54, Top = 22, Row = 20;

    /// <inheritdoc/>
    public string Id => "accuracy";

    /// <inheritdoc/>
    public string Title => "Accuracy on the test texts";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report)
    {
        (string Name, IReadOnlyList<RunScore> Runs, int Series)[] rows =
        [
            .. report.Variants.Where(result => result.Runs.Count > 0).Select(result => (result.Variant.Name, result.Runs, (int)result.Variant.Shuffling)),
            .. report.Baselines.Select(baseline => (baseline.Name, baseline.Runs, 7)),
        ];
        if (rows.Length == 0) return null;
        int bottom = Top + rows.Length * Row;
        var svg = new SvgWriter(Width, bottom + 22);
        var x = PlotScale.Linear(0, 1, Left, Width - Right);
        foreach (double tick in x.Ticks(5)) svg.Line(x[tick], Top, x[tick], bottom, "grid").Text(x[tick], bottom + 14, Percent0(tick), "small", "middle");
        for (int row = 0; row < rows.Length; row++)
        {
            double y = Top + row * Row, mean = rows[row].Runs.Average(run => run.Accuracy);
            svg.Text(Left - 8, y + 14, rows[row].Name, "label", "end").Rectangle(Left, y + 4, x[mean] - Left, Row - 8, SeriesStyle.Fill(rows[row].Series), 0.35);
            foreach (var run in rows[row].Runs) svg.Marker(x[run.Accuracy], y + Row / 2.0, rows[row].Series, Invariant($"{rows[row].Name}, seed {run.Seed}: {Percent(run.Accuracy)}"), 2.6);
            svg.Text(Width - 4, y + 14, Percent(mean), "small", "end");
        }
        svg.Line(x[report.Data.Chance], Top - 4, x[report.Data.Chance], bottom, "reference").Text(x[report.Data.Chance], Top - 8, "chance", "small", "middle");
        return svg.ToSvg(Id, Title, $"Mean accuracy over the seeds, chance {Percent(report.Data.Chance)}: {string.Join("; ", rows.Select(row => $"{row.Name} {Percent(row.Runs.Average(run => run.Accuracy))}"))}.");
    }

    private static string Percent0(double share) => Invariant($"{share * 100:0}%");
}
