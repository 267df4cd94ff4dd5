using System.Globalization;
using MlAttention.Ablation.Plan;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The figures of docs/RESULTS.md, drawn from the tables of that page, so that both say the same.</summary>
internal static class ResultsPictures
{
    private const double Level = 0.95, Margin = 0.01;

    /// <summary>One figure for each data set, and one of longer texts.</summary>
    public static IReadOnlyList<Picture> All { get; } =
    [
        Gains("results-word-order", "## word_order.csv"), Gains("results-negation-scope", "## negation_scope.csv"),
        Gains("results-keyword-topics", "## keyword_topics.csv"), Gains("results-parity", "## Parity"),
        Worth("results-pretrained", "## Order in a pretrained encoder"), Worth("results-arithmetic", "### Arithmetic relation"), Worth("results-snips", "### SNIPS"), Worth("results-banking", "### BANKING77"),
        new("results-lengths", Lengths),
    ];

    private static Picture Gains(string name, string heading) => new(name, () => Forest(name, "Gain in accuracy over the model without positions", "schemes against none of the same mask, others against none", ResultsPage.Rows(heading), sign: 1));

    private static Picture Worth(string name, string heading) => new(name, () => Forest(name, "What ordered has over each other variant", "above: worth of order and of pretrained positions; \"at test\": dependence", ResultsPage.Rows(heading), sign: -1));

    private static string Forest(string id, string title, string note, IReadOnlyList<ResultsPage.Row> rows, int sign)
    {
        var compared = rows.Where(row => row.Interval is not null).Select(row => (row, Variant: Variants().First(variant => variant.Name == row.Name || $"ordered, {variant.Name}" == row.Name))).ToArray();
        return new ForestPlot(Margin, Level, note).Draw(id, title, [.. compared.Select(pair => new ForestPlot.Row(pair.Variant.Name, SeriesStyle.Of(pair.Variant), Compare(pair.Variant, pair.row)))]);

        VariantComparison Compare(AblationVariant variant, ResultsPage.Row row)
        {
            var against = rows.First(candidate => candidate.Name == (row.Name.EndsWith(", causal", StringComparison.Ordinal) && row.Name != "none, causal" ? "none, causal" : rows[0].Name));
            double[] differences = [.. row.Seeds.Zip(against.Seeds, (one, other) => sign * (one - other) / 100)];
            var (lower, upper) = row.Interval!.Value;
            var interval = sign > 0 ? new ConfidenceInterval(lower / 100, upper / 100, Level) : new ConfidenceInterval(-upper / 100, -lower / 100, Level);
            return new()
            {
                Question = ComparisonQuestion.Positions, First = variant, Second = variant.WithoutPositions, Seeds = [.. Enumerable.Range(1, differences.Length)], Differences = differences,
                MeanDifference = sign * row.Gain / 100, TwoLevelIntervals = new(interval, interval, interval), SmallestPossibleP = 0, ProbabilityOfSuperiority = 0, Outcome = ComparisonOutcome.Undecided,
            };
        }
    }

    private static string Lengths()
    {
        var table = ResultsPage.Table("## Beyond the trained length");
        double[] ends = [.. table[0].Skip(1).Select(bin => double.Parse(bin.Split('–')[1], CultureInfo.InvariantCulture))];
        LinePlot.Curve[] curves =
        [
            .. table.Skip(1).Select(row => (Scheme: Enum.GetValues<PositionScheme>().First(scheme => VariantNames.Of(scheme) == row[0]), Cells: row.Skip(1).ToArray()))
                .Select(row => new LinePlot.Curve(VariantNames.Of(row.Scheme), [.. ends.Zip(row.Cells).Where(point => char.IsDigit(point.Second[0])).Select(point => (point.First, ResultsPage.Number(point.Second.Split(' ')[0]) / 100))], SeriesStyle.Of(row.Scheme))),
        ];
        return new LinePlot("longest text of the bin, tokens", "accuracy", 0.5, (int)ends[0]).Draw(new LengthFigure(), $"Accuracy at {table[0][^1]} tokens: {string.Join("; ", table.Skip(1).Select(row => $"{row[0]} {row[^1]}"))}.", curves)!;
    }

    private static IEnumerable<AblationVariant> Variants() =>
    [
        .. Enum.GetValues<PositionScheme>().SelectMany(scheme => new[] { MaskKind.Bidirectional, MaskKind.Causal }.Select(mask => new AblationVariant(scheme, mask))),
        .. new int?[] { 0, 2 }.Select(clip => new AblationVariant(PositionScheme.ShawRelative, ClipDistance: clip)),
        .. Enum.GetValues<EncoderKind>().Select(encoder => new AblationVariant(PositionScheme.None, Encoder: encoder)),
        .. Enum.GetValues<PretrainedVariant>().Select(AblationVariant.Of),
    ];

    private sealed class LengthFigure() : ReportFigure("results-lengths", "Beyond the trained length")
    {
        public override string? Draw(OrderingAblationReport report) => null;
    }
}
