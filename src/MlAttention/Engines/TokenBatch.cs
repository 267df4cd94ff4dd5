namespace MlAttention.Engines;

/// <summary>
/// A batch of token sequences, padded on the right with token 0.
/// Shapes: Tokens [B,L] row-major, Lengths [B], Labels [B] (0-based class), RowWeights [B]; arrays that are used again may be longer.
/// </summary>
internal sealed class TokenBatch
{
    /// <summary>Number of sequences B.</summary>
    public required int Rows { get; init; }

    /// <summary>Padded length L in tokens.</summary>
    public required int Length { get; init; }

    /// <summary>Token of row b at position i is Tokens[b * Length + i]; 0 is padding.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Real tokens of each row; an empty text has length 0.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>0-based classes; empty when only scoring.</summary>
    public int[] Labels { get; init; } = [];

    /// <summary>Weight of each row in the loss; empty means 1 for all.</summary>
    public float[] RowWeights { get; init; } = [];
}
