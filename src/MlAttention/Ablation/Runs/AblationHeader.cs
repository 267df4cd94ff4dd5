namespace MlAttention.Ablation.Runs;

/// <summary>What stored runs belong to. Runs may be put together only when this is the same.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Data">The data, with its fingerprint.</param>
internal sealed record AblationHeader(AblationPlan Plan, AblationDataSummary Data);
