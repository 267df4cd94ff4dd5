using MlAttention;
using MlAttention.Ablation;

namespace Microsoft.ML;

/// <summary>The ordering ablation, called on <see cref="AttentionExtensions.Attention"/>.</summary>
public static class OrderingAblationExtensions
{
    /// <summary>Measures what position information is worth: trains the plan's variants with every seed and compares them on the test texts.</summary>
    /// <param name="attention">The catalog of the context that reads the data.</param>
    /// <param name="train">Training texts: a text column, a label column and, if the plan names one, a group column.</param>
    /// <param name="test">Test texts with the same columns; never used for training or for a choice.</param>
    /// <param name="plan">What to run; null for the quick plan.</param>
    /// <param name="options">The data's name, where finished runs are stored, progress and cancellation; null for none of them.</param>
    /// <returns>The report; <see cref="ReportExporter.WriteAll"/> writes it.</returns>
    /// <exception cref="ArgumentException">The plan or the data cannot be used; the message lists everything that is wrong.</exception>
    /// <exception cref="InvalidDataException">The run folder holds the runs of another plan or other data.</exception>
    /// <example><code source="OrderingAblation">
    /// var mlContext = new MLContext(seed: 1);
    /// var attention = mlContext.Attention();
    /// IDataView data = attention.LoadCsv("reviews.csv");
    /// var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.3, seed: 1);
    /// var report = attention.OrderingAblation(split.TrainSet, split.TestSet, AblationPlan.Quick with { Seeds = [1, 2], Epochs = 2 });
    /// Console.WriteLine(VerdictWriter.Write(report).Headline);
    /// </code></example>
    public static OrderingAblationReport OrderingAblation(this AttentionCatalog attention, IDataView train, IDataView test, AblationPlan? plan = null, AblationRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        return Run(attention, train, test, plan, options);
    }

    /// <summary>
    /// Measures what position information is worth on texts that come as one set. The plan's TestFraction and SplitSeed set the test texts apart:
    /// whole groups where the plan names a group column, otherwise the same share of each label.
    /// </summary>
    /// <param name="attention">The catalog of the context that reads the data.</param>
    /// <param name="data">A text column, a label column and, if the plan names one, a group column. Read several times; the rows must stay the same and in order.</param>
    /// <param name="plan">What to run; null for the quick plan.</param>
    /// <param name="options">The data's name, where finished runs are stored, progress and cancellation; null for none of them.</param>
    /// <returns>The report; <see cref="ReportExporter.WriteAll"/> writes it.</returns>
    /// <exception cref="ArgumentException">The plan or the data cannot be used; the message lists everything that is wrong.</exception>
    /// <exception cref="InvalidDataException">The run folder holds the runs of another plan or other data.</exception>
    /// <example><code source="OrderingAblation_OneSet">
    /// var attention = new MLContext(seed: 1).Attention();
    /// var report = attention.OrderingAblation(attention.LoadCsv("reviews.csv"), AblationPlan.Quick with { Seeds = [1, 2], Epochs = 2, TestFraction = 0.3 });
    /// Console.WriteLine(VerdictWriter.Write(report).Headline);
    /// </code></example>
    public static OrderingAblationReport OrderingAblation(this AttentionCatalog attention, IDataView data, AblationPlan? plan = null, AblationRunOptions? options = null) =>
        Run(attention, data, test: null, plan, options);

    private static OrderingAblationReport Run(AttentionCatalog attention, IDataView data, IDataView? test, AblationPlan? plan, AblationRunOptions? options)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(data);
        plan ??= AblationPlan.Quick;
        options ??= new AblationRunOptions();
        var ablator = OrderingAblator.Prepare(attention.Context, data, test, plan, options.DataName, options.ListsTexts);
        IRunStore store = options.RunFolder is { } folder ? FolderRunStore.Open(folder, new(plan, ablator.Summary)) : new MemoryRunStore();
        return ablator.RunAll(store, options.Progress, options.CancellationToken);
    }
}
