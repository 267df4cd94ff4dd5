namespace MlAttention.Ablation;

/// <summary>What the heads of trained models attend to.</summary>
/// <param name="Patterns">One for each scheme and text.</param>
public sealed record AttentionStudy(IReadOnlyList<AttentionPattern> Patterns);
