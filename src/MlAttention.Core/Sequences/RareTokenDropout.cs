namespace MlAttention.Core.Sequences;

/// <summary>
/// Shows rare tokens of the training rows as the unknown token now and then, so that its vector is learned from the kind of
/// token that it will stand for.
/// </summary>
/// <remarks>
/// A token that occurs c times in the training rows is replaced with probability strength / (c + strength): 0.2 for c = 1 and
/// strength 0.25, nearly never for a frequent one. Source: Kiperwasser and Goldberg 2016, section 4.2; their alpha is our strength.
/// </remarks>
internal sealed class RareTokenDropout
{
    private readonly double[] _probabilities;
    private readonly int _unknown;

    /// <param name="dataset">The training rows, whose tokens are counted.</param>
    /// <param name="strength">0 replaces nothing.</param>
    /// <param name="separator">The token that ends the parts of a text and always stays; null for none.</param>
    public RareTokenDropout(TokenDataset dataset, double strength, int? separator = null)
    {
        _unknown = TokenIds.Unknown(dataset.VocabularySize);
        int[] counts = new int[_unknown];
        foreach (int token in dataset.Tokens.AsSpan(0, dataset.Offsets[^1]))
            if (token < _unknown) counts[token]++;
        if (separator is { } stays) counts[stays] = 0;
        _probabilities = Array.ConvertAll(counts, count => count == 0 ? 0 : strength / (count + strength));
    }

    /// <summary>Replaces tokens of the batch in place; which ones follows from the seed. Padding, unknown, CLS and the separator stay.</summary>
    public void Apply(TokenBatch batch, ulong seed)
    {
        var random = new Xoshiro256(seed);
        foreach (ref int token in batch.Tokens.AsSpan())
            if (token < _unknown && _probabilities[token] > 0 && random.NextDouble() < _probabilities[token]) token = _unknown;
    }
}
