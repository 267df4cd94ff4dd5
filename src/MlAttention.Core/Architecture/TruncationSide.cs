namespace MlAttention;

/// <summary>Which end of a sequence longer than the model's maximum is kept. What is cut is counted and reported.</summary>
public enum TruncationSide
{
    /// <summary>The first tokens are kept.</summary>
    KeepStart,
    /// <summary>The last tokens are kept.</summary>
    KeepEnd,
}

/// <summary>The one rule of cutting.</summary>
internal static class Truncation
{
    /// <summary>At most <paramref name="maxTokens"/> tokens, from the side that is kept.</summary>
    public static ReadOnlySpan<T> Keep<T>(this TruncationSide side, ReadOnlySpan<T> tokens, int maxTokens) =>
        tokens.Length <= maxTokens ? tokens : side == TruncationSide.KeepStart ? tokens[..maxTokens] : tokens[^maxTokens..];
}
