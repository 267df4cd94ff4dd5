namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Accuracy of every variant and baseline, by shuffling: each seed a point, the mean a bar, hatched where the words of test texts stand in another order; chance a dashed line.</summary>
internal sealed class AccuracyPlot() : ReportFigure("accuracy", "Accuracy on the test texts")
{
    private const int Width = 420, Left = 160, Right = 60, Top = 22, RowHeight = 20;

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        Section[] sections = [.. Sections(report).Where(section => section.Rows.Count > 0)];
        if (sections.Length == 0) return null;
        int bottom = Top + sections.Sum(section => 1 + section.Rows.Count) * RowHeight;
        var svg = new SvgWriter(Width, bottom + 22);
        var x = new PlotScale(0, 1, Left, Width - Right);
        svg.ShareGrid(x, Top, bottom);
        double y = Top;
        foreach (var section in sections)
        {
            svg.Text(4, y + 14, section.Name, "heading");
            y += RowHeight;
            foreach (var row in section.Rows)
            {
                double rowTop = y;
                svg.Group(row.Scheme, () => DrawRow(svg, x, row, rowTop));
                y += RowHeight;
            }
        }
        svg.Line(x[report.Data.Chance], Top - 4, x[report.Data.Chance], bottom, "reference").Text(x[report.Data.Chance], Top - 8, "chance", "small", "middle");
        return svg.ToSvg(Id, Title, $"Mean accuracy over the seeds, chance {Percent(report.Data.Chance)}. {string.Join(". ", sections.Select(Describe))}.");
    }

    private static IEnumerable<Section> Sections(OrderingAblationReport report)
    {
        foreach (var variants in report.Variants.Where(result => result.Runs.Count > 0).GroupBy(result => result.Variant.Shuffling))
            yield return new(report.Pretrained is null ? Capital(VariantNames.Of(variants.Key)) : PretrainedSection(variants.Key), [.. variants.Select(result => new Row((result.Variant with { Shuffling = TokenShuffling.None }).Name, SeriesStyle.Of(result.Variant), result.Runs, Scheme.Of(result.Variant), IsShuffled(result.Variant)))]);
        yield return new("Without attention", [.. report.Baselines.Select(baseline => new Row(baseline.Name, Scheme.WithoutAttention.Series, baseline.Runs, Scheme.WithoutAttention, IsShuffled: false))]);
    }

    private static bool IsShuffled(AblationVariant variant) => variant.Pretrained is { } done ? done.Arrangement() != WordArrangement.InOrder : variant.ShuffledTest;

    private static string PretrainedSection(TokenShuffling shuffling) => shuffling switch
    {
        TokenShuffling.None => "Texts in order",
        TokenShuffling.Test => "Ordered, with another test: dependence",
        _ => "No order in training and test",
    };

    private void DrawRow(SvgWriter svg, PlotScale x, Row row, double y)
    {
        svg.Label(Left - 8, y + 14, row.Name, Left - 12).Rectangle(Left, y + 4, x[row.Mean] - Left, RowHeight - 8, SeriesStyle.Fill(row.Series), 0.35);
        if (row.IsShuffled) svg.Hatch(Left, y + 4, x[row.Mean] - Left, RowHeight - 8, Id);
        foreach (var run in row.Runs) svg.Marker(x[run.Accuracy], y + RowHeight / 2.0, row.Series, Invariant($"{row.Name}, seed {run.Seed}: {Percent(run.Accuracy)}"), 2.6);
        svg.Text(Width - 4, y + 14, Percent(row.Mean), "small", "end");
    }

    private static string Describe(Section section) => $"{section.Name}: {string.Join("; ", section.Rows.Select(row => $"{row.Name} {Percent(row.Mean)}"))}";

    private sealed record Section(string Name, IReadOnlyList<Row> Rows);

    private sealed record Row(string Name, int Series, IReadOnlyList<RunScore> Runs, Scheme Scheme, bool IsShuffled)
    {
        public double Mean { get; } = Runs.Average(run => run.Accuracy);
    }
}
