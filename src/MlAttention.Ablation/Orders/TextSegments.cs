namespace MlAttention.Ablation.Orders;

/// <summary>The parts of a text of several: what stands between separators. A text of one part is one of them.</summary>
internal static class TextSegments
{
    /// <summary>The ranges of a sequence that hold the parts whose order is tried.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="separator">What separates parts.</param>
    /// <param name="parts">Which of them; of a text of one part that part.</param>
    /// <param name="separators">How many separators stand between two parts.</param>
    public static IEnumerable<(int Start, int Length)> Reordered<T>(IReadOnlyList<T> tokens, T separator, OrderedParts parts, int separators = 1) where T : IEquatable<T>
    {
        (int Start, int Length)[] all = [.. All(tokens, separator, separators)];
        return all.Length == 1 ? all : parts switch
        {
            OrderedParts.First => all[..1],
            OrderedParts.Second => all[1..2],
            _ => all,
        };
    }

    private static IEnumerable<(int Start, int Length)> All<T>(IReadOnlyList<T> tokens, T separator, int separators) where T : IEquatable<T>
    {
        int start = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].Equals(separator)) continue;
            yield return (start, i - start);
            start = i + separators;
            i = start - 1;
        }
        yield return (start, tokens.Count - start);
    }
}
