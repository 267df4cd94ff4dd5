namespace MlAttention.Ablation.Runs;

/// <summary>The words of an ablation's texts, cut to what a pretrained encoder reads: cutting comes before shuffling, so that no order loses other words than another.</summary>
/// <param name="Training">The words of each training text.</param>
/// <param name="Test">The words of each test text.</param>
/// <param name="TruncatedTexts">Texts that were cut.</param>
internal sealed record PretrainedTexts(IReadOnlyList<string[]> Training, IReadOnlyList<string[]> Test, int TruncatedTexts)
{
    /// <summary>Splits and cuts texts.</summary>
    public static PretrainedTexts Of(PieceReader pieces, IReadOnlyList<string> training, IReadOnlyList<string> test)
    {
        int cut = 0;
        string[][] trainingWords = [.. training.Select(Words)], testWords = [.. test.Select(Words)];
        return new(trainingWords, testWords, cut);

        string[] Words(string text)
        {
            string[] words = TextWords.Split(text), kept = pieces.Cut(words);
            if (kept.Length < words.Length) cut++;
            return kept;
        }
    }
}

/// <summary>From words in some order to the keys of their pieces, special tokens around them.</summary>
/// <param name="encoder">The encoder, whose tokenizer it is.</param>
/// <param name="maxTokens">The longest sequence that the model reads.</param>
internal sealed class PieceReader(PretrainedEncoder encoder, int maxTokens)
{
    private readonly PretrainedTokenizer _tokenizer = encoder.Tokenizer;

    /// <summary>The keys of the words in the given order.</summary>
    public int[] Keys(IReadOnlyList<string> words, IReadOnlyList<int> order) => Array.ConvertAll(_tokenizer.Encode(TextWords.Join(words, order)), id => id + 1);

    /// <summary>As many of the first words as fit into the longest sequence.</summary>
    public string[] Cut(string[] words)
    {
        if (Fits(words.Length)) return words;
        int fitting = 0, tooMany = words.Length;
        while (tooMany - fitting > 1)
        {
            int middle = (fitting + tooMany) / 2;
            (fitting, tooMany) = Fits(middle) ? (middle, tooMany) : (fitting, middle);
        }
        return words[..fitting];

        bool Fits(int count) => Keys(words, WordOrder.Same(count)).Length <= maxTokens;
    }

    /// <summary>Texts as the model reads them.</summary>
    /// <param name="texts">The words of all texts.</param>
    /// <param name="labelled">The same texts with their labels and groups.</param>
    /// <param name="rows">The texts to read, in this order.</param>
    /// <param name="arrangement">How words stand.</param>
    /// <param name="draw">Which of the random orders.</param>
    public TokenDataset Read(IReadOnlyList<string[]> texts, TokenDataset labelled, IReadOnlyList<int> rows, WordArrangement arrangement, OrderDraw draw) =>
        Dataset(labelled, rows, [.. rows.Select(row => Arranged(texts[row], arrangement, draw.For(row)))]);

    /// <summary>Each of some texts in order and then, one after another, with its pieces in random orders.</summary>
    public TokenDataset ReadWithShuffledPieces(IReadOnlyList<string[]> texts, TokenDataset labelled, IReadOnlyList<int> rows, int shuffles)
    {
        var sequences = new List<int[]>();
        foreach (int row in rows)
        {
            int[] keys = Arranged(texts[row], WordArrangement.InOrder, OrderDraw.OfGate(0).For(row));
            sequences.Add(keys);
            for (int shuffle = 0; shuffle < shuffles; shuffle++) sequences.Add(WithShuffledPieces([.. keys], OrderDraw.OfGate(shuffle).For(row)));
        }
        return Dataset(labelled, [.. rows.SelectMany(row => Enumerable.Repeat(row, shuffles + 1))], sequences);
    }

    private int[] Arranged(string[] words, WordArrangement arrangement, Xoshiro256 random)
    {
        int[] keys = Keys(words, WordArranger.Order(arrangement, words, random));
        return arrangement == WordArrangement.ShuffledPieces ? WithShuffledPieces(keys, random) : keys;
    }

    /// <summary>The pieces between the special tokens at both ends.</summary>
    public Span<int> BetweenSpecialTokens(int[] keys)
    {
        int start = keys.Length > 0 && keys[0] == _tokenizer.ClsId + 1 ? 1 : 0;
        int end = keys.Length > start && keys[^1] == _tokenizer.SepId + 1 ? keys.Length - 1 : keys.Length;
        return keys.AsSpan(start, end - start);
    }

    private int[] WithShuffledPieces(int[] keys, Xoshiro256 random)
    {
        random.Shuffle(BetweenSpecialTokens(keys));
        return keys;
    }

    private TokenDataset Dataset(TokenDataset labelled, IReadOnlyList<int> rows, List<int[]> sequences)
    {
        int[] offsets = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++) offsets[i + 1] = checked(offsets[i] + sequences[i].Length);
        return new(_tokenizer.VocabularySize, labelled.ClassCount, [.. sequences.SelectMany(keys => keys)], offsets, labelled.Targets.Select([.. rows]), [])
        {
            Groups = labelled.Groups.Length == 0 ? [] : [.. rows.Select(row => labelled.Groups[row])],
        };
    }
}
