using MlAttention.Architecture;

namespace MlAttention.Ablation;

/// <summary>The attention weights of one model on one text.</summary>
/// <param name="Positions">The model's scheme.</param>
/// <param name="Tokens">The text's tokens.</param>
/// <param name="Heads">All heads of all layers.</param>
public sealed record AttentionPattern(PositionScheme Positions, IReadOnlyList<string> Tokens, IReadOnlyList<AttentionHead> Heads);
