using System.Globalization;
using Microsoft.ML;
using TorchSharp;

namespace MlAttention.Benchmarks.Comparison.Groups;

/// <summary>The ordering ablation of datasets/word_order.csv on both engines: whether they conclude the same, and how long they take.</summary>
internal sealed class AblationGroup : IComparisonGroup
{
    private const double Goal = 3;

    /// <summary>The quick plan with fewer schemes, so that the slower engine ends within minutes too.</summary>
    private static readonly AblationPlan _plan = AblationPlan.Quick with
    {
        Positions = [PositionScheme.None, PositionScheme.Sinusoidal, PositionScheme.Rotary], Masks = [MaskKind.Bidirectional],
        Encoders = [EncoderKind.Attention], Shuffling = [TokenShuffling.None], GroupColumn = "Group", AttentionTexts = 0,
    };

    public string Name => "ablation";

    public GroupResult Measure()
    {
        torch.set_num_threads(Environment.ProcessorCount);
        OrderingAblationReport managed = Run(EngineKind.Managed), torchSharp = Run(EngineKind.TorchSharp);
        var rows = managed.Comparisons.Select(comparison =>
        {
            var same = torchSharp.Comparisons.Single(other => (other.Question, other.First, other.Second) == (comparison.Question, comparison.First, comparison.Second));
            return (string[])[$"{comparison.First.Name} against {comparison.Second.Name}", $"{comparison.Outcome}", $"{same.Outcome}", Points(comparison), Points(same)];
        }).ToArray();
        double agreeing = rows.Count(row => row[1] == row[2]), theirs = Seconds(torchSharp), ours = Seconds(managed);
        return new GroupResult
        {
            Name = Name,
            Title = "The ablation of word order on both engines",
            Note = FormattableString.Invariant($"The quick plan on datasets/word_order.csv with three schemes and {_plan.Seeds.Count} seeds, dropout on, so that the runs of the two engines differ as seeds do: differences in accuracy (points) and what they allow to say. Training took {theirs:F0} s with the TorchSharp engine and {ours:F0} s with the managed one, both with all processors. From the command line: `mlattention ablate datasets/word_order.csv --quick --positions none,sinusoidal,rotary --masks bidirectional --shuffling none --engine torchSharp`, and `--engine managed`."),
            Columns = ["comparison", "managed", "TorchSharp", "difference, managed", "difference, TorchSharp"],
            Rows = rows,
            Goals =
            [
                new GoalOutcome("ablation: conclusions that agree", "TorchSharp engine", rows.Length, agreeing, "comparisons", agreeing / rows.Length, 1),
                GoalOutcome.Faster("ablation: speed of training in the quick plan", ("TorchSharp engine", theirs), ours, "s", Goal),
            ],
        };
    }

    private static OrderingAblationReport Run(EngineKind engine)
    {
        var ml = new MLContext(seed: 1);
        var attention = ml.Attention();
        var data = attention.LoadCsv(new CsvOptions { KeptColumns = ["Group"] }, Path.Combine(CompareBenchmark.Repository, "datasets", "word_order.csv"));
        var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, samplingKeyColumnName: "Group", seed: 1);
        return attention.OrderingAblation(split.TrainSet, split.TestSet, _plan with { Engine = engine }, new AblationRunOptions { DataName = "word_order.csv" });
    }

    private static double Seconds(OrderingAblationReport report) => report.Variants.Sum(variant => variant.TrainingSeconds * variant.Runs.Count);

    private static string Points(VariantComparison comparison) => (100 * comparison.MeanDifference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
