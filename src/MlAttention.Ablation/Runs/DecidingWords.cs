namespace MlAttention.Ablation.Runs;

/// <summary>
/// Which token decides a text's label, as far as the data themselves tell: texts of the same words with other labels are natural contrast sets
/// (Gardner et al. 2020). Where two tokens change places and the label changes, one of the two decides; the one that has part in every such
/// exchange is the deciding one.
/// </summary>
internal static class DecidingWords
{
    private const int LeastExchanges = 2;

    /// <summary>For each text its deciding token, or null: it has no siblings, or their labels tell no single one.</summary>
    public static DecidingWord?[] Of(TokenDataset texts)
    {
        var words = new DecidingWord?[texts.Count];
        foreach (int[] siblings in Enumerable.Range(0, texts.Count).GroupBy(row => string.Join(' ', texts.Row(row).ToArray().Order())).Select(group => group.ToArray()))
            foreach (int row in siblings) words[row] = Of(texts, row, siblings);
        return words;
    }

    private static DecidingWord? Of(TokenDataset texts, int row, int[] siblings)
    {
        int[][] exchanges = [.. siblings.Where(other => texts.Labels[other] != texts.Labels[row]).Select(other => Differences(texts, row, other)).Where(places => places.Length == 2)];
        if (exchanges.Length < LeastExchanges) return null;
        int[] common = [.. exchanges[0].Where(place => exchanges.All(exchange => exchange.Contains(place)))];
        return common is [var only] ? new DecidingWord(only, [.. exchanges.SelectMany(exchange => exchange).Distinct().Order()]) : null;
    }

    private static int[] Differences(TokenDataset texts, int one, int other)
    {
        int[] first = texts.Row(one).ToArray(), second = texts.Row(other).ToArray();
        return [.. Enumerable.Range(0, first.Length).Where(place => first[place] != second[place])];
    }
}

/// <summary>The token that decides a text's label.</summary>
/// <param name="Place">Its place among the text's tokens.</param>
/// <param name="Exchanged">The places of all tokens that change places with another when the label changes, the deciding one's among them.</param>
internal sealed record DecidingWord(int Place, IReadOnlyList<int> Exchanged);
