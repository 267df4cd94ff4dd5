using MlAttention.Benchmarks.Encoders;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The figures of docs/COMPARISON.md, drawn from the numbers that the verb encoders of tests/MlAttention.Benchmarks keeps.</summary>
internal static class ComparisonPictures
{
    /// <summary>Attention, the RNNs and the CNN, each in one colour throughout.</summary>
    private static readonly Dictionary<string, int> s_series = new()
    {
        [Contestant.Attention.Name] = 0, [Contestant.Window.Name] = 4, [Contestant.Lstm.Name] = 1, [Contestant.Gru.Name] = 3, [Contestant.Cnn.Name] = 2, [Contestant.Bag.Name] = 8,
        [Contestant.Measured[0].Name] = 5, [Contestant.Measured[2].Name] = 6,
    };

    private static readonly Lazy<EncoderFindings> s_findings = new(() => EncoderFindings.Read(Path.Combine(Picture.Folder, ComparisonTables.NumbersName)));

    /// <summary>One figure for each respect of which something is measured.</summary>
    public static IReadOnlyList<Picture> All { get; } =
    [
        new("comparison-parallel", Parallel), new("comparison-memory", Memory),
        .. Findings.Gradients.Count > 0 ? new Picture[] { new("comparison-path", Paths) } : [],
        .. Findings.Accuracies.Any(point => point.Task != RecallTask.Name) ? new Picture[] { new("comparison-data", Data) } : [],
        .. Findings.Accuracies.Any(point => point.Task == RecallTask.Name) ? new Picture[] { new("comparison-recall", Recall) } : [],
    ];

    private static EncoderFindings Findings => s_findings.Value;

    private static string Parallel()
    {
        var counts = new CurvePanel("Longest chain of products, forward pass", "tokens n", "products", PanelAxis.Logarithmic, PanelAxis.Logarithmic, Curves(Findings.Counts, point => (point.Encoder, point.Length, point.Chain)));
        var alone = new CurvePanel("A pass, batch 1, one thread", "tokens n", "ms", PanelAxis.Logarithmic, PanelAxis.Logarithmic, Curves(Findings.Times.Where(point => point is { Batch: 1, Threads: 1 }), point => (point.Encoder, point.Length, point.Milliseconds)));
        var many = new CurvePanel("A pass, batch 32, one thread", "tokens n", "ms", PanelAxis.Logarithmic, PanelAxis.Logarithmic, Curves(Findings.Times.Where(point => point is { Batch: 32, Threads: 1 }), point => (point.Encoder, point.Length, point.Milliseconds)));
        var threads = new CurvePanel("Speed-up by a second thread, batch 1", "tokens n", "times", PanelAxis.Logarithmic, PanelAxis.Linear,
        [
            .. Contestant.Timed.Select(contestant => new CurvePanel.Curve(contestant.Name, s_series[contestant.Name],
                [.. Findings.Times.Where(point => point.Batch == 1).GroupBy(point => point.Length).Select(length => ((double)length.Key, ComparisonTables.SpeedUp(length, contestant)))])),
        ]);
        return CurvePanel.Draw("comparison-parallel", "Parallelism", [counts, alone, many, threads]);
    }

    private static string Paths() => CurvePanel.Draw("comparison-path", "How the first output depends on each token",
    [
        .. new[] { false, true }.Select(isTrained => new CurvePanel(isTrained ? "|∂out₀/∂in_d| after training" : "|∂out₀/∂in_d|, initial weights", "distance d, tokens", "norm", PanelAxis.Linear, PanelAxis.Logarithmic,
        [
            .. Findings.Gradients.Where(curve => curve.IsTrained == isTrained)
                .Select(curve => new CurvePanel.Curve(curve.Encoder, s_series[curve.Encoder], [.. curve.Norms.Index().Where(point => point.Item > 0).Select(point => ((double)point.Index, point.Item))])),
        ])),
    ]);

    private static string Memory() => CurvePanel.Draw("comparison-memory", "Memory and multiplications by length",
    [
        new("Extra memory of a pass, batch 1", "tokens n", "MB", PanelAxis.Logarithmic, PanelAxis.Logarithmic, Curves(Findings.Memory, point => (point.Encoder, point.Length, point.Megabytes))),
        new("Multiplications of a forward pass", "tokens n", "millions", PanelAxis.Logarithmic, PanelAxis.Logarithmic, Curves(Findings.Counts, point => (point.Encoder, point.Length, point.Multiplications / 1e6))),
    ]);

    private static string Data() => CurvePanel.Draw("comparison-data", "Accuracy by the number of training rows",
        [.. Findings.Accuracies.Where(point => point.Task != RecallTask.Name).GroupBy(point => point.Task).Select(task => Accuracies(task.Key, "training rows", task))]);

    private static string Recall() => CurvePanel.Draw("comparison-recall", "Accuracy by the distance of the token to recall",
        [Accuracies("Which symbol stands d tokens on?", "distance d, tokens", Findings.Accuracies.Where(point => point.Task == RecallTask.Name))]);

    private static CurvePanel Accuracies(string title, string xAxis, IEnumerable<AccuracyPoint> points) =>
        new(title, xAxis, "accuracy", PanelAxis.Logarithmic, PanelAxis.Share, Curves(points, point => (point.Encoder, point.Size, point.Seeds.Average()))) { Chance = points.Select(point => point.Chance).DefaultIfEmpty().Average() };

    private static CurvePanel.Curve[] Curves<T>(IEnumerable<T> points, Func<T, (string Encoder, int X, double Y)> read) =>
        [.. points.Select(read).GroupBy(point => point.Encoder).Select(curve => new CurvePanel.Curve(curve.Key, s_series[curve.Key], [.. curve.Select(point => ((double)point.X, point.Y))]))];
}
