using System.Diagnostics;
using MlAttention.Ablation.Analysis;

namespace MlAttention.Ablation;

/// <summary>An ablation from tokenised texts to a report.</summary>
internal sealed class OrderingAblator(MLContext context, AblationPlan plan, AblationData data, string dataName)
{
    /// <summary>Reads the texts, so that all errors in plan and data come before anything is trained or written.</summary>
    /// <param name="context">The context that reads the data and trains.</param>
    /// <param name="data">The training texts, or all texts when there is no <paramref name="test"/>.</param>
    /// <param name="test">The test texts; null when the plan sets them apart.</param>
    /// <param name="plan">What to run.</param>
    /// <param name="dataName">What the report calls the data.</param>
    /// <param name="listsTexts">Whether test texts may stand in the report.</param>
    public static OrderingAblator Prepare(MLContext context, IDataView data, IDataView? test, AblationPlan plan, string dataName, bool listsTexts = true)
    {
        plan.Validate();
        var reader = new AblationDataReader(context, plan);
        return new(context, plan, test is null ? reader.Read(data) : reader.Read(data, test), dataName) { ListsTexts = listsTexts };
    }

    /// <summary>Trains and tests; tests put their own here.</summary>
    public IAblationTrainer? Trainer { get; init; }

    /// <summary>Whether test texts may stand in the report.</summary>
    public bool ListsTexts { get; init; } = true;

    /// <summary>What the report says of the data.</summary>
    public AblationDataSummary Summary { get; } = data.Summarize(dataName);

    /// <summary>Runs a shard of the plan, storing each run.</summary>
    public IReadOnlyList<AblationRun> Run(IRunStore store, AblationShard shard, IProgress<AblationProgress>? progress, CancellationToken cancellation) =>
        new AblationRunner(plan, Trainer ?? Train(store), store).Run(shard, progress, cancellation);

    private IAblationTrainer Train(IRunStore store) => plan.IsPretrained ? new PretrainedAblationTrainer(context, plan, data, store) : new SequenceAblationTrainer(context, plan, data);

    /// <summary>Runs all of the plan and makes the report.</summary>
    public OrderingAblationReport RunAll(IRunStore store, IProgress<AblationProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var runs = Run(store, AblationShard.Whole, progress, cancellation);
        return Report(runs, clock.Elapsed);
    }

    /// <summary>Makes the report of finished runs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="wall">The time since the start; runs that were stored before it count with their training time.</param>
    public OrderingAblationReport Report(IReadOnlyList<AblationRun> runs, TimeSpan wall) =>
        new AblationAnalysis(plan, data, runs) { ListsTexts = ListsTexts }.Report(Summary, RunEnvironment.Current(), DateTimeOffset.UtcNow, Math.Max(wall.TotalSeconds, runs.Sum(run => run.TrainingSeconds)));
}
