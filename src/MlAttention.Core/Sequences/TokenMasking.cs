namespace MlAttention.Core.Sequences;

/// <summary>
/// Hides words of texts, so that an encoder learns to tell them from what stands around: masked language modelling. Which words follows from
/// the seed and the epoch alone.
/// </summary>
/// <remarks>
/// Of a text's n words floor(share n + u) are chosen, with u from [0, 1) drawn for each text, and at least one; all pieces of a chosen word
/// are. Of the chosen places, over the whole epoch, 8 of 10 become the mask, 1 of 10 a token drawn from the vocabulary, and 1 of 10 stays;
/// each has the text's own token as its label. Special tokens are neither chosen nor drawn. A text of special tokens alone has no place to choose.
/// Source: Devlin et al. 2019, section 3.1; whole words as in BERT's release of May 2019.
/// </remarks>
internal sealed class TokenMasking
{
    /// <summary>What becomes of ten chosen places, in the order of a deck that is shuffled.</summary>
    private static readonly Fate[] s_deck = [.. Enumerable.Repeat(Fate.Hidden, 8), Fate.Replaced, Fate.Kept];

    private readonly double _share;
    private readonly int _mask;
    private readonly bool[] _isSpecial, _beginsWord;
    private readonly int[] _drawable;

    private enum Fate
    {
        Hidden,
        Replaced,
        Kept,
    }

    /// <param name="tokenizer">Tells the mask, the special tokens, and which tokens begin a word.</param>
    /// <param name="share">The share of words to choose, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">The tokenizer has no mask, or nothing but special tokens.</exception>
    public TokenMasking(PretrainedTokenizer tokenizer, double share)
    {
        _share = share;
        _mask = 1 + (tokenizer.MaskId ?? throw new ArgumentException("The tokenizer has no mask token, such as [MASK] or <mask>, so its encoder cannot be trained to tell hidden words. Take one with such a token, or begin from nothing.", nameof(tokenizer)));
        var special = tokenizer.SpecialIds;
        int unknown = TokenIds.Unknown(tokenizer.VocabularySize);
        _isSpecial = [.. Enumerable.Range(0, unknown + 1).Select(token => token == 0 || token == unknown || special.Contains(token - 1))];
        _beginsWord = [.. Enumerable.Range(0, unknown + 1).Select(token => _isSpecial[token] || tokenizer.BeginsWord(token - 1))];
        _drawable = [.. Enumerable.Range(0, unknown).Where(token => !_isSpecial[token])];
        if (_drawable.Length == 0) throw new ArgumentException($"The tokenizer has {tokenizer.VocabularySize} tokens, all of them special; there is none to predict.", nameof(tokenizer));
    }

    /// <summary>Whether a text has a place that can be chosen.</summary>
    public bool HasPlace(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
            if (!_isSpecial[token]) return true;
        return false;
    }

    /// <summary>The texts with words hidden, and the hidden tokens as targets.</summary>
    /// <param name="texts">The texts; their targets are not looked at.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="purpose">Whose random numbers these are, so that held-out texts have others than training.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    public TokenDataset Apply(TokenDataset texts, long seed, string purpose, int epoch)
    {
        var random = Xoshiro256.For(seed, purpose, epoch);
        int[] tokens = texts.Tokens[..texts.Offsets[^1]], labels = new int[tokens.Length];
        labels.AsSpan().Fill(Targets.Ignored);
        var deck = s_deck.ToArray();
        var words = new List<Range>();
        int place = 0;
        for (int row = 0; row < texts.Count; row++)
        {
            FindWords(texts.Row(row), texts.Offsets[row], words);
            int chosen = Math.Max(1, (int)(_share * words.Count + random.NextDouble()));
            foreach (var word in Shuffled(words, chosen, random))
            {
                for (int i = word.Start.Value; i < word.End.Value; i++, place++)
                {
                    if (place % deck.Length == 0) random.Shuffle(deck.AsSpan());
                    labels[i] = tokens[i] - 1;
                    tokens[i] = deck[place % deck.Length] switch
                    {
                        Fate.Hidden => _mask,
                        Fate.Replaced => _drawable[random.NextInt(_drawable.Length)],
                        _ => tokens[i],
                    };
                }
            }
        }
        return texts.With(Targets.OfTokens(labels, texts.Offsets), tokens);
    }

    /// <summary>The places of each word of a row.</summary>
    private void FindWords(ReadOnlySpan<int> row, int start, List<Range> words)
    {
        words.Clear();
        bool isWithin = false;
        for (int i = 0; i < row.Length; i++)
        {
            bool goesOn = isWithin && !_beginsWord[row[i]];
            isWithin = !_isSpecial[row[i]];
            if (!isWithin) continue;
            if (goesOn) words[^1] = words[^1].Start..(start + i + 1);
            else words.Add((start + i)..(start + i + 1));
        }
    }

    /// <summary>Some words in random order.</summary>
    private static ReadOnlySpan<Range> Shuffled(List<Range> words, int count, Xoshiro256 random)
    {
        var all = CollectionsMarshal.AsSpan(words);
        random.Shuffle(all);
        return all[..Math.Min(count, all.Length)];
    }
}
