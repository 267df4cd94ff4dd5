namespace MlAttention.Ablation.Baselines;

/// <summary>The features of one text that are not zero.</summary>
/// <param name="Features">Their numbers, ascending.</param>
/// <param name="Values">Their values, scaled so that the squares sum to 1.</param>
internal sealed record SparseRow(int[] Features, double[] Values);
