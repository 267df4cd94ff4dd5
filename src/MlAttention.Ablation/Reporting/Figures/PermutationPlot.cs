namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Ω_max, Ω_rand and accuracy of each trained variant of a pretrained encoder, with every seed, and what guessing gets as Ω_max.</summary>
internal sealed class PermutationPlot() : ReportFigure("permutations", "Right answers over many orders of each text")
{
    private const int Width = 420, Left = 160, Right = 24, Top = 40, Row = 30;

    private static readonly (string Name, Func<PermutationFigures, double> Figure)[] s_figures = [("Ω_max", figures => figures.OmegaMax), ("Ω_rand", figures => figures.OmegaRandom), ("accuracy in order", figures => figures.Accuracy)];

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        if (report.Pretrained is not { Permutations: { Count: > 0 } results }) return null;
        int bottom = Top + results.Count * Row;
        var svg = new SvgWriter(Width, bottom + 36);
        var x = new PlotScale(0, 1, Left, Width - Right);
        for (int series = 0; series < s_figures.Length; series++) svg.Marker(Left - 30 + series * 84, 12, series, s_figures[series].Name).Text(Left - 20 + series * 84, 16, s_figures[series].Name, "small");
        svg.ShareGrid(x, Top, bottom);
        double guessing = results[0].GuessersOmegaMax;
        svg.Line(x[guessing], Top - 4, x[guessing], bottom, "reference").Text(x[guessing], Top - 8, "Ω_max of guessing", "small", guessing > 0.6 ? "end" : "start");
        for (int row = 0; row < results.Count; row++)
        {
            var (result, y) = (results[row], Top + row * Row + Row / 2.0);
            svg.Group(Scheme.Of(result.Variant), () => DrawRow(svg, x, result, y));
        }
        svg.Text(Width - Right, bottom + 30, "small marks: the seeds", "small", "end");
        return svg.ToSvg(Id, Title, $"Over {Count(results[0].Permutations)} random orders of {Count(results[0].Texts)} texts; guessing has an Ω_max of {Percent(guessing)}. {string.Join("; ", results.Select(Describe))}.");
    }

    private static void DrawRow(SvgWriter svg, PlotScale x, PermutationResult result, double y)
    {
        svg.Label(Left - 8, y + 4, result.Variant.Name, Left - 12).Line(Left, y, Width - Right, y, "grid");
        for (int series = 0; series < s_figures.Length; series++)
        {
            var (name, figure) = s_figures[series];
            foreach (var seed in result.Seeds) svg.Marker(x[figure(seed)], y + 9, series, Invariant($"{result.Variant.Name}, seed {seed.Seed}: {name} {Percent(figure(seed))}"), 1.6);
            svg.Marker(x[result.Seeds.Average(figure)], y, series, $"{result.Variant.Name}: {name} {Percent(result.Seeds.Average(figure))}", 4.5);
        }
    }

    private static string Describe(PermutationResult result) => $"{result.Variant.Name}: {string.Join(", ", s_figures.Select(figure => $"{figure.Name} {Percent(result.Seeds.Average(figure.Figure))}"))}";
}

/// <summary>How a pretrained encoder that was trained in order bears shuffles of different reach: the longer the runs that stay together, and the smaller the windows, the more order is left.</summary>
internal sealed class GradedPlot() : ReportFigure("graded", "Graded shuffles at test: dependence on order far off and near by")
{
    private static readonly (string Name, (int Words, PretrainedVariant Variant)[] Points)[] s_curves =
    [
        ("runs stay together", [(1, PretrainedVariant.TestShuffled), (2, PretrainedVariant.TestRunsOf2), (3, PretrainedVariant.TestRunsOf3), (4, PretrainedVariant.TestRunsOf4)]),
        ("shuffled in windows", [(1, PretrainedVariant.Ordered), (3, PretrainedVariant.TestWindowsOf3), (5, PretrainedVariant.TestWindowsOf5), (10, PretrainedVariant.TestWindowsOf10)]),
    ];

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        if (report.Pretrained is null) return null;
        LinePlot.Curve[] curves = [.. s_curves.Select((curve, index) => new LinePlot.Curve(curve.Name, [.. curve.Points.SelectMany(Point)], index)).Where(curve => curve.Points.Count > 1)];
        string shown = string.Join("; ", curves.Select(curve => $"{curve.Name}: {string.Join(", ", curve.Points.Select(point => $"{Quantity(point.X, "word")} {Percent(point.Y)}"))}"));
        return new LinePlot("words of a run or window", "accuracy", report.Data.Chance).Draw(this, $"Accuracy of the ordered model; {shown}.", curves);

        IEnumerable<(double X, double Y)> Point((int Words, PretrainedVariant Variant) point) =>
            report.Find(AblationVariant.Of(point.Variant))?.MeanAccuracy is { } accuracy ? [(point.Words, accuracy)] : [];
    }
}
