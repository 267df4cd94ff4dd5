using MlAttention.Ablation;
using MlAttention.Ablation.Runs;

namespace Microsoft.ML;

public sealed partial class AttentionCatalog
{
    /// <summary>Measures what position information is worth: trains the plan's variants with every seed and compares them on the test texts.</summary>
    /// <param name="train">Training texts: a text column, a label column and, if the plan names one, a group column.</param>
    /// <param name="test">Test texts with the same columns; never used for training or for a choice.</param>
    /// <param name="plan">What to run; null for the quick plan.</param>
    /// <param name="dataName">What the report calls the data.</param>
    /// <param name="runFolder">Where finished runs are stored, so that a stopped ablation goes on there; null for nowhere.</param>
    /// <param name="progress">Hears of each run and epoch, on the calling thread.</param>
    /// <param name="cancellation">Stops within a batch; stored runs stay.</param>
    /// <returns>The report; <see cref="MlAttention.Reporting.ReportExporters"/> write it.</returns>
    /// <exception cref="ArgumentException">The plan or the data cannot be used; the message lists everything that is wrong.</exception>
    /// <exception cref="InvalidDataException">The run folder holds the runs of another plan or other data.</exception>
    /// <example><code>
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3, seed: 1);
    /// var report = attention.OrderingAblation(split.TrainSet, split.TestSet, AblationPlan.Quick with { Seeds = [1, 2], Epochs = 2 });
    /// Console.WriteLine(VerdictWriter.Write(report).Headline);
    /// </code></example>
    public OrderingAblationReport OrderingAblation(
        IDataView train, IDataView test, AblationPlan? plan = null, string dataName = "the data", string? runFolder = null,
        IProgress<AblationProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        plan ??= AblationPlan.Quick;
        return RunAll(PrepareAblation(train, test, plan, dataName), plan, runFolder, progress, cancellation);
    }

    /// <summary>
    /// Measures what position information is worth on texts that come as one set. The plan's TestFraction and SplitSeed set the test texts apart:
    /// whole groups where the plan names a group column, otherwise the same share of each label.
    /// </summary>
    /// <param name="data">A text column, a label column and, if the plan names one, a group column. Read several times; the rows must stay the same and in order.</param>
    /// <param name="plan">What to run; null for the quick plan.</param>
    /// <param name="dataName">What the report calls the data.</param>
    /// <param name="runFolder">Where finished runs are stored, so that a stopped ablation goes on there; null for nowhere.</param>
    /// <param name="progress">Hears of each run and epoch, on the calling thread.</param>
    /// <param name="cancellation">Stops within a batch; stored runs stay.</param>
    /// <returns>The report; <see cref="MlAttention.Reporting.ReportExporters"/> write it.</returns>
    /// <exception cref="ArgumentException">The plan or the data cannot be used; the message lists everything that is wrong.</exception>
    /// <exception cref="InvalidDataException">The run folder holds the runs of another plan or other data.</exception>
    /// <example><code>
    /// var attention = new MLContext(seed: 1).Attention();
    /// var report = attention.OrderingAblation(attention.LoadCsv("reviews.csv"), AblationPlan.Quick with { Seeds = [1, 2], Epochs = 2, TestFraction = 0.3 });
    /// Console.WriteLine(VerdictWriter.Write(report).Headline);
    /// </code></example>
    public OrderingAblationReport OrderingAblation(
        IDataView data, AblationPlan? plan = null, string dataName = "the data", string? runFolder = null,
        IProgress<AblationProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        plan ??= AblationPlan.Quick;
        return RunAll(PrepareAblation(data, test: null, plan, dataName), plan, runFolder, progress, cancellation);
    }

    /// <summary>Reads the texts, so that all errors in plan and data come before anything is trained or written.</summary>
    /// <param name="data">The training texts, or all texts when there is no <paramref name="test"/>.</param>
    /// <param name="test">The test texts; null when the plan sets them apart.</param>
    /// <param name="plan">What to run.</param>
    /// <param name="dataName">What the report calls the data.</param>
    internal OrderingAblator PrepareAblation(IDataView data, IDataView? test, AblationPlan plan, string dataName)
    {
        plan.Validate();
        var reader = new AblationDataReader(Context, plan, (output, input) => TokenizeSequence(output, input));
        return new(Context, plan, test is null ? reader.Read(data) : reader.Read(data, test), dataName);
    }

    private static OrderingAblationReport RunAll(OrderingAblator ablator, AblationPlan plan, string? runFolder, IProgress<AblationProgress>? progress, CancellationToken cancellation)
    {
        IRunStore store = runFolder is null ? new MemoryRunStore() : FolderRunStore.Open(runFolder, new(plan, ablator.Summary));
        return ablator.RunAll(store, progress, cancellation);
    }
}
