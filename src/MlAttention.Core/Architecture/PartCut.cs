namespace MlAttention;

/// <summary>Cuts a sequence of several parts: tokens are taken from the longest part until the sequence fits, so that no part is lost to another.</summary>
/// <remarks>
/// A part is what stands between separators; these stay, and so may the first token. With room for b tokens of the parts, part i of length
/// n_i keeps min(n_i, c) of them for the largest c that fits; what is left of b goes to the longest parts, one token each, to the later of
/// two as long: "longest_first" of Hugging Face's tokenizers library for two parts, and the same for more.
/// </remarks>
internal static class PartCut
{
    /// <summary>Least tokens of a sequence that keeps one token of each part.</summary>
    /// <param name="parts">Number of parts.</param>
    /// <param name="special">Separators and tokens around.</param>
    public static int Least(int parts, int special) => parts + special;

    /// <summary>Writes the tokens that stay.</summary>
    /// <returns>How many they are; 0 where there is no room for anything but separators.</returns>
    public static int Copy<T>(ReadOnlySpan<T> tokens, T separator, int maxTokens, TruncationSide side, bool keepsFirst, Span<T> target) where T : IEquatable<T>
    {
        int first = keepsFirst && tokens.Length > 0 && !tokens[0].Equals(separator) ? 1 : 0;
        var inner = tokens[first..];
        int budget = maxTokens - first - inner.Count(separator);
        if (budget < 0) return 0;
        int level = Level(inner, separator, budget), spare = budget - Total(inner, separator, level);
        tokens[..first].CopyTo(target);
        int count = first;
        for (int start = 0, part; start < inner.Length; start += part + 1)
        {
            part = Length(inner[start..], separator);
            int kept = Math.Min(part, level) + (part > level && IsAmongLongest(inner, separator, start, part, spare) ? 1 : 0);
            side.Keep(inner.Slice(start, part), kept).CopyTo(target[count..]);
            count += kept;
            if (start + part < inner.Length) target[count++] = separator;
        }
        return count;
    }

    private static int Length<T>(ReadOnlySpan<T> tokens, T separator) where T : IEquatable<T> => tokens.IndexOf(separator) is >= 0 and var end ? end : tokens.Length;

    /// <summary>The most tokens of every part that fit.</summary>
    private static int Level<T>(ReadOnlySpan<T> tokens, T separator, int budget) where T : IEquatable<T>
    {
        int fits = 0, tooMany = tokens.Length + 1;
        while (tooMany - fits > 1)
        {
            int middle = (fits + tooMany) / 2;
            if (Total(tokens, separator, middle) <= budget) fits = middle;
            else tooMany = middle;
        }
        return fits;
    }

    /// <summary>Tokens of all parts with at most so many of each.</summary>
    private static int Total<T>(ReadOnlySpan<T> tokens, T separator, int most) where T : IEquatable<T>
    {
        int total = 0;
        for (int start = 0, part; start < tokens.Length; start += part + 1) total += Math.Min(most, part = Length(tokens[start..], separator));
        return total;
    }

    /// <summary>Whether fewer than <paramref name="places"/> parts come before one by length, of equal ones the later first.</summary>
    private static bool IsAmongLongest<T>(ReadOnlySpan<T> tokens, T separator, int of, int length, int places) where T : IEquatable<T>
    {
        for (int start = 0, part; start < tokens.Length && places > 0; start += part + 1)
        {
            part = Length(tokens[start..], separator);
            if (part > length || part == length && start > of) places--;
        }
        return places > 0;
    }
}
