namespace MlAttention.Attention;

/// <summary>Which tokens a token may attend to, beside the padding mask that always applies.</summary>
public enum MaskKind
{
    /// <summary>Every token attends to every token.</summary>
    Bidirectional,
    /// <summary>A token attends to itself and to those before it.</summary>
    Causal,
    /// <summary>A token attends to those at most a window's radius away.</summary>
    LocalWindow,
    /// <summary>A token attends to itself and to those at most a window's radius before it.</summary>
    CausalLocalWindow,
}
