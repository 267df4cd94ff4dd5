namespace MlAttention.Ablation;

/// <summary>What accompanies an ablation without changing its figures: the plan alone decides those.</summary>
public sealed record AblationRunOptions
{
    /// <summary>What the report calls the data.</summary>
    /// <value>Default "the data".</value>
    public string DataName { get; init; } = "the data";

    /// <summary>Where finished runs are stored, so that a stopped ablation goes on there; null for nowhere.</summary>
    /// <value>Default null.</value>
    public string? RunFolder { get; init; }

    /// <summary>Hears of each run and epoch, on the calling thread; null for nobody.</summary>
    /// <value>Default null.</value>
    public IProgress<AblationProgress>? Progress { get; init; }

    /// <summary>Stops within a batch; stored runs stay.</summary>
    /// <value>Default: never.</value>
    public CancellationToken CancellationToken { get; init; }
}
