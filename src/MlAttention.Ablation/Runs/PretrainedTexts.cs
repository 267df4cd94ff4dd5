namespace MlAttention.Ablation.Runs;

/// <summary>The words of an ablation's texts, cut to what a pretrained encoder reads: cutting comes before shuffling, so that no order loses other words than another.</summary>
/// <param name="Training">The words of each training text.</param>
/// <param name="Test">The words of each test text.</param>
/// <param name="TruncatedTexts">Texts that were cut.</param>
internal sealed record PretrainedTexts(IReadOnlyList<string[]> Training, IReadOnlyList<string[]> Test, int TruncatedTexts)
{
    /// <summary>Splits and cuts texts.</summary>
    public static PretrainedTexts Of(PieceReader pieces, IReadOnlyList<string[]> training, IReadOnlyList<string[]> test)
    {
        int cut = 0;
        string[][] trainingWords = [.. training.Select(Words)], testWords = [.. test.Select(Words)];
        return new(trainingWords, testWords, cut);

        string[] Words(string[] parts)
        {
            string[] words = TextWords.Split(parts), kept = pieces.Cut(words);
            if (kept.Length < words.Length) cut++;
            return kept;
        }
    }
}

/// <summary>From words in some order to the keys of their pieces, special tokens around them.</summary>
/// <param name="encoder">The encoder, whose tokenizer it is.</param>
/// <param name="maxTokens">The longest sequence that the model reads.</param>
/// <param name="parts">Of texts of several parts, those whose order is tried.</param>
internal sealed class PieceReader(PretrainedEncoder encoder, int maxTokens, OrderedParts parts = OrderedParts.All)
{
    private readonly PretrainedTokenizer _tokenizer = encoder.Tokenizer;

    /// <summary>The keys of the words in the given order.</summary>
    public int[] Keys(IReadOnlyList<string> words, IReadOnlyList<int> order) => Array.ConvertAll(_tokenizer.Encode(TextWords.JoinParts(words, order)), id => id + 1);

    /// <summary>As many of the first words as fit into the longest sequence; of several parts those of the longest go first.</summary>
    public string[] Cut(string[] words)
    {
        if (Fits(words.Length)) return words;
        int fitting = words.Count(word => word == TextWords.Separator), tooMany = words.Length;
        while (tooMany - fitting > 1)
        {
            int middle = (fitting + tooMany) / 2;
            (fitting, tooMany) = Fits(middle) ? (middle, tooMany) : (fitting, middle);
        }
        return First(fitting);

        bool Fits(int count) => First(count) is var first && Keys(first, WordOrder.Same(first.Length)).Length <= maxTokens;

        string[] First(int count)
        {
            string[] kept = new string[count];
            PartCut.Copy(words, TextWords.Separator, count, TruncationSide.KeepStart, keepsFirst: false, kept);
            return kept;
        }
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
            for (int shuffle = 0; shuffle < shuffles; shuffle++) sequences.Add(WithShuffledPieces([.. keys], texts[row], OrderDraw.OfGate(shuffle).For(row)));
        }
        return Dataset(labelled, [.. rows.SelectMany(row => Enumerable.Repeat(row, shuffles + 1))], sequences);
    }

    private int[] Arranged(string[] words, WordArrangement arrangement, Xoshiro256 random)
    {
        int[] keys = Keys(words, WordArranger.Order(arrangement, words, random, parts));
        return arrangement == WordArrangement.ShuffledPieces ? WithShuffledPieces(keys, words, random) : keys;
    }

    /// <summary>The pieces between the special tokens at both ends.</summary>
    public ArraySegment<int> BetweenSpecialTokens(int[] keys)
    {
        int start = keys.Length > 0 && keys[0] == _tokenizer.ClsId + 1 ? 1 : 0;
        int end = keys.Length > start && keys[^1] == _tokenizer.SepId + 1 ? keys.Length - 1 : keys.Length;
        return new(keys, start, end - start);
    }

    private int[] WithShuffledPieces(int[] keys, string[] words, Xoshiro256 random)
    {
        var between = BetweenSpecialTokens(keys);
        int separator = words.Contains(TextWords.Separator) ? _tokenizer.SeparatorId!.Value + 1 : 0; // one that is written out in a text of one part moves with its words
        foreach (var (start, length) in TextSegments.Reordered(between, separator, parts, _tokenizer.Frame.Between.Length)) random.Shuffle(between.AsSpan(start, length));
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
