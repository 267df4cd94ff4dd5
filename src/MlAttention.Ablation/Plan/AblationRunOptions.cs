namespace MlAttention;

/// <summary>What accompanies an ablation without changing its figures: the plan alone decides those.</summary>
public sealed record AblationRunOptions
{
    /// <summary>What the report calls the data.</summary>
    /// <value>Default "the data".</value>
    public string DataName { get; init; } = "the data";

    /// <summary>Where finished runs are stored, so that a stopped ablation goes on there; null for nowhere.</summary>
    /// <value>Default null.</value>
    public string? RunFolder { get; init; }

    /// <summary>Whether the report shows test texts; turn it off for private ones.</summary>
    /// <value>Default true.</value>
    public bool ListsTexts { get; init; } = true;

    /// <summary>Hears of each run and epoch, on the calling thread; null for nobody.</summary>
    /// <value>Default null.</value>
    public IProgress<AblationProgress>? Progress { get; init; }

    /// <summary>Stops within a batch; stored runs stay.</summary>
    /// <value>Default: never.</value>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>How far an ablation is.</summary>
/// <param name="Setup">What is being trained, as the tables call it, for example "none, causal".</param>
/// <param name="Seed">With which seed.</param>
/// <param name="FinishedRuns">Runs that are done, stored ones included.</param>
/// <param name="TotalRuns">All runs of this shard.</param>
/// <param name="Epoch">Epochs of the present run that are done.</param>
/// <param name="MostEpochs">Most epochs of a run.</param>
/// <param name="Elapsed">Time since the start.</param>
/// <param name="Remaining">Estimated time to the end; null until a run has finished.</param>
public sealed record AblationProgress(
    string Setup, int Seed, int FinishedRuns, int TotalRuns, int Epoch, int MostEpochs, TimeSpan Elapsed, TimeSpan? Remaining)
{
    /// <summary>The runs that have finished since the last report, stored ones included.</summary>
    internal IReadOnlyList<FinishedRun> Finished { get; init; } = [];
}

/// <summary>A run that is done.</summary>
/// <param name="Setup">What was trained, as the tables call it.</param>
/// <param name="Seed">With which seed.</param>
/// <param name="DevAccuracy">Share of the dev texts that are right, of the weights that are kept; null where it was not measured.</param>
/// <param name="HasFailed">Whether it failed.</param>
internal sealed record FinishedRun(string Setup, int Seed, double? DevAccuracy, bool HasFailed);
