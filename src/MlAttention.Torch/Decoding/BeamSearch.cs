namespace MlAttention;

/// <summary>Log probabilities of the next token after each prefix; all prefixes have the same length.</summary>
/// <param name="prefixes">N prefixes; those of several rows lie side by side, so that a model computes them as one batch.</param>
/// <returns>[N,V], row-major: for each prefix a number for each token 0..V-1.</returns>
public delegate float[] NextTokens(IReadOnlyList<TokenPrefix> prefixes);

/// <summary>The beginning of a sequence.</summary>
/// <param name="Row">The row, from 0, whose sequence it is.</param>
/// <param name="Tokens">Its tokens; none at the start.</param>
/// <param name="LogProbability">log p(tokens | row).</param>
public sealed record TokenPrefix(int Row, IReadOnlyList<int> Tokens, double LogProbability);

/// <summary>A sequence that was found.</summary>
/// <param name="Tokens">Its tokens, without the one that ends it.</param>
/// <param name="LogProbability">log p(tokens | row), that of the end included.</param>
/// <param name="Score">What sequences are compared by: the log probability, normalised by the length.</param>
/// <param name="IsComplete">Whether it has ended; false for one that was cut at the greatest length.</param>
public sealed record DecodedSequence(IReadOnlyList<int> Tokens, double LogProbability, double Score, bool IsComplete);

/// <summary>Finds probable sequences: of all prefixes and their next tokens the best few are followed, until they end.</summary>
/// <remarks>
/// A sequence that ends takes its place in the beam with it, so a beam of width 1 is greedy decoding, and one that is wider than there are
/// sequences finds the best of all. Ties go to the prefix that came first, then to the smaller token. Source: Sutskever et al. 2014, section
/// 3.2; Wu et al. 2016, section 7.
/// </remarks>
public static class BeamSearch
{
    /// <summary>The sequences of each row that the beam ended with, the best first.</summary>
    /// <param name="rows">The number of rows: sequences that are looked for side by side.</param>
    /// <param name="endToken">The token that ends a sequence.</param>
    /// <param name="options">Width, length, normalisation.</param>
    /// <param name="next">The model.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    /// <exception cref="InvalidOperationException">The model gives another number of log probabilities than it has prefixes and tokens, or NaN.</exception>
    public static IReadOnlyList<IReadOnlyList<DecodedSequence>> Run(int rows, int endToken, BeamSearchOptions options, NextTokens next)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(endToken);
        options.Validate();
        var found = new List<DecodedSequence>[rows];
        for (var row = 0; row < rows; row++) found[row] = [];
        List<TokenPrefix> live = [.. Enumerable.Range(0, rows).Select(row => new TokenPrefix(row, [], 0))];
        for (var length = 0; length < options.MaxLength && live.Count > 0; length++) live = Extend(live, endToken, options, next, found);
        foreach (var prefix in live) found[prefix.Row].Add(Sequence(prefix.Tokens, prefix.LogProbability, options, isComplete: false));
        return [.. found.Select(sequences => sequences.OrderByDescending(sequence => sequence.Score).ToArray())];
    }

    /// <summary>The best continuations of each row's prefixes; those that end go to what was found.</summary>
    private static List<TokenPrefix> Extend(List<TokenPrefix> live, int endToken, BeamSearchOptions options, NextTokens next, List<DecodedSequence>[] found)
    {
        var logProbabilities = next(live);
        var tokens = logProbabilities.Length / live.Count;
        if (tokens <= endToken || logProbabilities.Length != live.Count * tokens || logProbabilities.Any(float.IsNaN))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Needed are log probabilities [{live.Count},V] without NaN, with V greater than the end token {endToken}; got {logProbabilities.Length} numbers."));

        var extended = new List<TokenPrefix>();
        foreach (var row in live.Index().GroupBy(prefix => prefix.Item.Row))
        {
            foreach (var (prefix, token, logProbability) in Best(row, logProbabilities, tokens, options.Width - found[row.Key].Count))
            {
                if (token == endToken) found[row.Key].Add(Sequence(prefix.Tokens, logProbability, options, isComplete: true));
                else extended.Add(new TokenPrefix(row.Key, [.. prefix.Tokens, token], logProbability));
            }
        }
        return extended;
    }

    /// <summary>The most probable continuations of a row's prefixes, the best first.</summary>
    private static List<(TokenPrefix Prefix, int Token, double LogProbability)> Best(IEnumerable<(int Index, TokenPrefix Prefix)> row, float[] logProbabilities, int tokens, int places)
    {
        var best = new List<(TokenPrefix Prefix, int Token, double LogProbability)>();
        foreach (var (index, prefix) in row)
            for (var token = 0; token < tokens; token++)
            {
                var logProbability = prefix.LogProbability + logProbabilities[index * tokens + token];
                if (double.IsNegativeInfinity(logProbability) || (best.Count == places && logProbability <= best[^1].LogProbability)) continue;
                var place = best.Count;
                while (place > 0 && best[place - 1].LogProbability < logProbability) place--;
                best.Insert(place, (prefix, token, logProbability));
                if (best.Count > places) best.RemoveAt(places);
            }
        return best;
    }

    private static DecodedSequence Sequence(IReadOnlyList<int> tokens, double logProbability, BeamSearchOptions options, bool isComplete) =>
        new(tokens, logProbability, options.Score(logProbability, tokens.Count + (isComplete ? 1 : 0)), isComplete);
}
