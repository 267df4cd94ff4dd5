namespace MlAttention;

/// <summary>Which end of a sequence longer than the model's maximum is kept. What is cut is counted and reported.</summary>
public enum TruncationSide
{
    /// <summary>The first tokens are kept.</summary>
    KeepStart,
    /// <summary>The last tokens are kept.</summary>
    KeepEnd,
}

/// <summary>Cutting at one end.</summary>
internal static class Truncation
{
    /// <summary>At most <paramref name="maxTokens"/> tokens, from the side that is kept.</summary>
    public static ReadOnlySpan<T> Keep<T>(this TruncationSide side, ReadOnlySpan<T> tokens, int maxTokens) =>
        tokens.Length <= maxTokens ? tokens : side == TruncationSide.KeepStart ? tokens[..maxTokens] : tokens[^maxTokens..];
}

/// <summary>How a sequence that is too long is cut: at one end, between its first and its last token, or in each of its parts.</summary>
/// <param name="MaxTokens">Most tokens that stay.</param>
/// <param name="Side">Which end stays; of several parts, of each.</param>
/// <param name="KeepBoundaries">Whether the first and the last token stay in any case, and what is cut lies between them.</param>
/// <param name="SeparatorKey">The key of the token that ends each of several parts, as <see cref="PartCut"/> cuts them; null where a text is one part.</param>
internal readonly record struct SequenceCut(int MaxTokens, TruncationSide Side, bool KeepBoundaries = false, int? SeparatorKey = null)
{
    /// <summary>Least <see cref="MaxTokens"/> with <see cref="KeepBoundaries"/>: the two, and one of the text.</summary>
    public const int LeastWithBoundaries = 3;

    /// <summary>Tokens that stay of so many.</summary>
    public int Kept(int tokens) => Math.Min(tokens, MaxTokens);

    /// <summary>Tokens of so many that are left out.</summary>
    public int Left(int tokens) => Math.Max(0, tokens - MaxTokens);

    /// <summary>Writes the tokens that stay.</summary>
    /// <param name="tokens">Keys.</param>
    /// <param name="target">Receives them.</param>
    /// <returns>How many they are.</returns>
    public int Copy(ReadOnlySpan<int> tokens, Span<int> target) => Copy(tokens, target, SeparatorKey ?? -1);

    /// <summary>Writes the tokens that stay.</summary>
    /// <param name="tokens">Tokens of any form.</param>
    /// <param name="target">Receives them.</param>
    /// <param name="separator">The separator in this form; read only with a <see cref="SeparatorKey"/>.</param>
    /// <returns>How many they are.</returns>
    public int Copy<T>(ReadOnlySpan<T> tokens, Span<T> target, T separator) where T : IEquatable<T>
    {
        int count = Kept(tokens.Length);
        if (SeparatorKey is not null && count < tokens.Length && PartCut.Copy(tokens, separator, MaxTokens, Side, KeepBoundaries, target) is > 0 and var ofParts) return ofParts;
        Side.Keep(tokens, count).CopyTo(target);
        if (!KeepBoundaries || count == tokens.Length) return count;
        if (Side == TruncationSide.KeepStart) target[count - 1] = tokens[^1];
        else target[0] = tokens[0];
        return count;
    }
}
