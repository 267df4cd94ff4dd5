namespace MlAttention.Ablation;

/// <summary>One head on one text.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Head">Head, from 0.</param>
/// <param name="Weights">Weights [L,L] row-major: the row's token attends to the column's.</param>
/// <param name="Entropy">Mean entropy of a row, in nats; 0 looks at one token, log L at all alike.</param>
/// <param name="MeanDistance">Mean distance to the token attended to, in tokens.</param>
/// <param name="DiagonalShare">Mean weight of the token itself.</param>
/// <param name="PreviousShare">Mean weight of the token before.</param>
public sealed record AttentionHead(int Layer, int Head, double[] Weights, double Entropy, double MeanDistance, double DiagonalShare, double PreviousShare);
