namespace MlAttention.Ablation;

/// <summary>A run that failed; it is left out of all figures.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Message">What happened.</param>
public sealed record RunFailure(int Seed, string Message);
