using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>Which head of which sequence to attend over, and with what.</summary>
internal readonly unsafe struct HeadInput<T> where T : struct, ILanes<T>
{
    /// <summary>Queries, keys and values of all heads, packed blocks.</summary>
    public required float* Qkv { get; init; }

    /// <summary>The head.</summary>
    public required int Head { get; init; }

    /// <summary>The sequence's first token in the packed blocks.</summary>
    public required int Start { get; init; }

    /// <summary>The sequence's tokens, at least 1.</summary>
    public required int Length { get; init; }

    /// <summary>Dropout of the weights.</summary>
    public required Dropout Dropout { get; init; }

    /// <summary>The layer's place among the dropout masks.</summary>
    public required int Site { get; init; }

    /// <summary>The first mask of this head and sequence; each block of queries takes one.</summary>
    public required int Index { get; init; }

    /// <summary>The layer's vectors for keys, or null.</summary>
    public ShawVectors<T>? ShawKeys { get; init; }

    /// <summary>The layer's vectors for values, or null.</summary>
    public ShawVectors<T>? ShawValues { get; init; }
}
