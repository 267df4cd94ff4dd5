using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>Which head of which sequence to attend over, and with what.</summary>
internal readonly unsafe struct HeadInput<T> where T : struct, ILanes<T>
{
    /// <summary>Queries, keys and values of all heads, packed blocks; queries carry the score's scale.</summary>
    public required float* Qkv { get; init; }

    /// <summary>The head.</summary>
    public required int Head { get; init; }

    /// <summary>The sequence's first token in the packed blocks.</summary>
    public required int Start { get; init; }

    /// <summary>The sequence's tokens, at least 1.</summary>
    public required int Length { get; init; }

    /// <summary>Whether no other sequence has lanes in the sequence's blocks.</summary>
    public required bool OwnsBlocks { get; init; }

    /// <summary>Dropout of the weights.</summary>
    public required Dropout Dropout { get; init; }

    /// <summary>Each query's largest score and inverse sum of weights: [blocks][2][N], written forward, read backward.</summary>
    public required float* Statistics { get; init; }

    /// <summary>The weights, [blocks][padded length][N], written forward, read backward; null to make them again.</summary>
    public required float* Weights { get; init; }

    /// <summary>The layer's vectors for keys, or null.</summary>
    public ShawVectors<T>? ShawKeys { get; init; }

    /// <summary>The layer's vectors for values, or null.</summary>
    public ShawVectors<T>? ShawValues { get; init; }
}
