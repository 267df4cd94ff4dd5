namespace MlAttention.Core.Text.Subwords;

/// <summary>Reads vocab.json and merges.txt, the files of RoBERTa's tokenizer.</summary>
internal static class BytePairFiles
{
    public const string VocabularyName = "vocab.json", MergesName = "merges.txt";

    /// <summary>The character that stands for each byte in the files: itself where it can be seen, one from U+0100 on where not.</summary>
    private static readonly char[] s_letters = Letters();

    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static SubwordPipeline Read(byte[] vocabulary, byte[] merges, SpecialTokens specials)
    {
        var tokens = new TokenTable(VocabularyName);
        foreach (var (token, id) in JsonPart.Parse(VocabularyName, vocabulary).Members()) tokens.Add(token, id.Number());
        var added = specials.AddTo(tokens, ("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>"), ("sep_token", "</s>"), ("pad_token", "<pad>"), ("cls_token", "<s>"), ("mask_token", "<mask>"));
        int? unknownId = tokens.Find(specials.Find("unk_token")?.Content ?? "<unk>");
        var pipeline = new SubwordPipeline
        {
            Model = CreateModel(tokens, ReadMerges(merges), unknownId, fuseUnknown: false, MergesName),
            PreTokenizers = [new ByteLevelPreTokenizer(specials.Flag("add_prefix_space", false), split: true)],
            Before = [tokens.Require(specials.Find("cls_token")?.Content ?? "<s>", "cls_token")],
            After = [tokens.Require(specials.Find("sep_token")?.Content ?? "</s>", "sep_token")],
            Between = [.. Enumerable.Repeat(tokens.Require(specials.Find("sep_token")?.Content ?? "</s>", "sep_token"), 2)],
            PaddingId = tokens.Find(specials.Find("pad_token")?.Content ?? "<pad>"),
            UnknownId = unknownId,
            MaskId = tokens.Find(specials.Find("mask_token")?.Content ?? "<mask>"),
            Mark = WordMark.ByteBlank,
            Tokens = tokens.InOrder(),
        };
        foreach (var token in added) pipeline.Add(token);
        return pipeline;
    }

    /// <summary>The model of byte pairs.</summary>
    public static BytePairModel CreateModel(TokenTable tokens, IEnumerable<(string Left, string Right)> pairs, int? unknownId, bool fuseUnknown, string file)
    {
        var merges = new BytePairMerges();
        foreach (var (left, right) in pairs)
        {
            int Of(string token) => tokens.Find(token) ?? throw new InvalidDataException($"{file}: merge {merges.Count + 1}, '{left} {right}', needs the token '{token}', which the vocabulary lacks. Do the files belong together?");
            merges.Add(Of(left), Of(right), Of(left + right));
        }
        return new BytePairModel([.. s_letters.Select(letter => tokens.Find(letter.ToString()) ?? -1)], merges, unknownId, fuseUnknown);
    }

    /// <summary>The two parts of a merge.</summary>
    public static (string Left, string Right) Pair(string merge, JsonPart place) => TryPair(merge, out var pair) ? pair : throw place.Error($"must be two tokens and a space between; got '{merge}'");

    private static IEnumerable<(string Left, string Right)> ReadMerges(byte[] content)
    {
        int line = 0;
        foreach (string merge in VocabularyFile.Lines(MergesName, content))
        {
            line++;
            if (merge.Length == 0 || line == 1 && merge.StartsWith("#version", StringComparison.Ordinal)) continue;
            yield return TryPair(merge, out var pair) ? pair : throw new InvalidDataException($"{MergesName}: line {line} must be two tokens and a space between; got '{merge}'.");
        }
    }

    private static bool TryPair(string merge, out (string Left, string Right) pair)
    {
        int space = merge.IndexOf(' ', StringComparison.Ordinal);
        pair = space < 0 ? default : (merge[..space], merge[(space + 1)..]);
        return space > 0 && pair.Right.Length > 0 && !pair.Right.Contains(' ', StringComparison.Ordinal);
    }

    private static char[] Letters()
    {
        char hidden = '\u0100';
        return [.. Enumerable.Range(0, 256).Select(code => code is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)code : hidden++)];
    }
}
