namespace MlAttention;

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

/// <summary>What is true of a kind of mask, wherever it is asked.</summary>
internal static class MaskKinds
{
    extension(MaskKind kind)
    {
        /// <summary>Whether a token sees only itself and tokens before it.</summary>
        public bool IsCausal => kind is MaskKind.Causal or MaskKind.CausalLocalWindow;

        /// <summary>Whether a token sees only those of a window around it.</summary>
        public bool IsLocal => kind is MaskKind.LocalWindow or MaskKind.CausalLocalWindow;
    }
}
