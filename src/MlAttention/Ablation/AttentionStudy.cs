using MlAttention.Positions;

namespace MlAttention.Ablation;

/// <summary>What the heads of trained models attend to.</summary>
/// <param name="Patterns">One for each scheme and text.</param>
public sealed record AttentionStudy(IReadOnlyList<AttentionPattern> Patterns);

/// <summary>The attention weights of one model on one text.</summary>
/// <param name="Positions">The model's scheme.</param>
/// <param name="Tokens">The text's tokens.</param>
/// <param name="Heads">All heads of all layers.</param>
public sealed record AttentionPattern(PositionScheme Positions, IReadOnlyList<string> Tokens, IReadOnlyList<AttentionHead> Heads);

/// <summary>One head on one text.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Head">Head, from 0.</param>
/// <param name="Weights">Weights [L,L] row-major: the row's token attends to the column's.</param>
/// <param name="Entropy">Mean entropy of a row, in nats; 0 looks at one token, log L at all alike.</param>
/// <param name="MeanDistance">Mean distance to the token attended to, in tokens.</param>
/// <param name="DiagonalShare">Mean weight of the token itself.</param>
/// <param name="PreviousShare">Mean weight of the token before.</param>
public sealed record AttentionHead(int Layer, int Head, double[] Weights, double Entropy, double MeanDistance, double DiagonalShare, double PreviousShare);
