using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>Reads vocab.txt, the file of BERT's tokenizer: one token a line, whose number is its id.</summary>
internal static class VocabularyFile
{
    public const string FileName = "vocab.txt";

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static SubwordPipeline Read(byte[] content, SpecialTokens specials)
    {
        var tokens = new TokenTable(FileName);
        int id = 0;
        foreach (string token in Lines(FileName, content)) tokens.Add(token, id++);

        string Named(string role, string missing) => specials.Find(role)?.Content ?? missing;
        int unknown = tokens.Require(Named("unk_token", "[UNK]"), "unk_token");
        var model = new WordPieceModel(tokens.ToTrie(), WordMark.Continuation.Text, unknown, WordPieceModel.DefaultMaxCharacters);
        var added = specials.AddTo(tokens, ("unk_token", "[UNK]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"), ("cls_token", "[CLS]"), ("mask_token", "[MASK]"));
        var pipeline = new SubwordPipeline
        {
            Model = model,
            Normalizers = Normalizers(specials),
            PreTokenizers = PreTokenizers(),
            Before = [tokens.Require(Named("cls_token", "[CLS]"), "cls_token")],
            After = [tokens.Require(Named("sep_token", "[SEP]"), "sep_token")],
            Between = [tokens.Require(Named("sep_token", "[SEP]"), "sep_token")],
            HasTypedParts = true,
            PaddingId = tokens.Find(Named("pad_token", "[PAD]")),
            UnknownId = unknown,
            MaskId = tokens.Find(Named("mask_token", "[MASK]")),
            Mark = WordMark.Continuation,
            Tokens = tokens.InOrder(),
        };
        foreach (var token in added) pipeline.Add(token);
        return pipeline;
    }

    /// <summary>What makes spellings equal.</summary>
    public static Normalizer[] Normalizers(SpecialTokens specials) =>
        [.. NormalizerReader.Bert(true, specials.Flag("tokenize_chinese_chars", true), specials.FlagOrNull("strip_accents"), specials.Flag("do_lower_case", true))];

    /// <summary>What cuts a text into words.</summary>
    public static PreTokenizer[] PreTokenizers() => [new BertPreTokenizer()];

    /// <summary>The lines of a UTF-8 file; what ends the last line begins no further one.</summary>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public static IEnumerable<string> Lines(string file, byte[] content)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{file}: is not UTF-8.", exception);
        }
        return text.Length == 0 ? [] : (text[^1] is '\n' or '\r' ? text.TrimEndOfLine() : text).Split(["\r\n", "\n", "\r"], StringSplitOptions.None);
    }

    private static string TrimEndOfLine(this string text) => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text[..^1];
}
