using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace MlAttention.Core.Text.Subwords;

/// <summary>Reads sentencepiece.bpe.model, the file of XLM-R's tokenizer: a protobuf with scored pieces and a table of characters.</summary>
/// <remarks>
/// The model's ids are those of fairseq: &lt;s&gt; 0, &lt;pad&gt; 1, &lt;/s&gt; 2, &lt;unk&gt; 3, and every piece of the file after its first three
/// one higher than there; &lt;mask&gt; is the last. The steps are those into which transformers converts the file.
/// </remarks>
internal static class SentencePieceFile
{
    public const string FileName = "sentencepiece.bpe.model";

    /// <summary>Numbers of fields and values in SentencePiece's sentencepiece_model.proto.</summary>
    private const int Pieces = 1, TrainerSpec = 2, NormalizerSpec = 3, PieceText = 1, PieceScore = 2, PieceType = 3, ModelType = 3, CharacterTable = 2;
    private const int Normal = 1, Control = 3, UserDefined = 4, BytePiece = 6, UnigramType = 1, OwnSpecials = 3, UnknownId = 3;

    /// <exception cref="InvalidDataException">The file is damaged, or of a model that is not supported.</exception>
    public static SubwordPipeline Read(byte[] content, SpecialTokens specials)
    {
        var pieces = new List<(string Text, float Score, int Type)>();
        ByteString table;
        try
        {
            table = ReadModel(content, pieces);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or DecoderFallbackException)
        {
            throw new InvalidDataException($"{FileName}: is not a SentencePiece model: {exception.Message}", exception);
        }
        if (pieces.Count <= OwnSpecials || pieces.Take(OwnSpecials).Any(piece => piece.Type == Normal)) throw new InvalidDataException($"{FileName}: must begin with its three special pieces (<unk>, <s>, </s>), and pieces after them; it has {pieces.Count}.");
        if (pieces.Any(piece => piece.Type == BytePiece)) throw new InvalidDataException($"{FileName}: has pieces for bytes, which are not supported: unknown characters have to be the unknown token.");

        (string Text, float Score, int Type)[] all = [("<s>", 0, Control), ("<pad>", 0, Control), ("</s>", 0, Control), ("<unk>", 0, Control), .. pieces.Skip(OwnSpecials), ("<mask>", 0, Normal)];
        return Create(all, table, specials);
    }

    private static SubwordPipeline Create((string Text, float Score, int Type)[] pieces, ByteString table, SpecialTokens specials)
    {
        var tokens = new TokenTable(FileName);
        for (int id = 0; id < pieces.Length; id++) tokens.Add(pieces[id].Text, id);
        var model = new UnigramModel(tokens.ToTrie(), [.. pieces.Select(piece => (double)piece.Score)], UnknownId);
        var added = specials.AddTo(tokens, ("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>"), ("sep_token", "</s>"), ("pad_token", "<pad>"), ("cls_token", "<s>"), ("mask_token", "<mask>"));
        var pipeline = new SubwordPipeline
        {
            Model = model,
            Normalizers = [.. NormalizersOf(table)],
            PreTokenizers = [new MetaspacePreTokenizer('\u2581', prepend: true, split: true)],
            Before = [tokens.Require(specials.Find("cls_token")?.Content ?? "<s>", "cls_token")],
            After = [tokens.Require(specials.Find("sep_token")?.Content ?? "</s>", "sep_token")],
            Between = [.. Enumerable.Repeat(tokens.Require(specials.Find("sep_token")?.Content ?? "</s>", "sep_token"), 2)],
            PaddingId = tokens.Find(specials.Find("pad_token")?.Content ?? "<pad>"),
            UnknownId = UnknownId,
            MaskId = tokens.Find(specials.Find("mask_token")?.Content ?? "<mask>"),
            Mark = WordMark.Blank,
            Tokens = tokens.InOrder(),
        };
        for (int id = UnknownId + 1; id < pieces.Length; id++)
        {
            if (pieces[id].Type is Control or UserDefined) pipeline.Add(new AddedToken(pieces[id].Text, id));
        }
        foreach (var token in added) pipeline.Add(token);
        return pipeline;
    }

    private static List<Normalizer> NormalizersOf(ByteString table)
    {
        var steps = new List<Normalizer>();
        try
        {
            if (!table.IsEmpty) steps.Add(new PrecompiledNormalizer(table.Span));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{FileName}: {exception.Message}.", exception);
        }
        steps.Add(new StripNormalizer(left: false, right: true));
        steps.Add(new ReplaceNormalizer(new Regex(" {2,}", RegexOptions.NonBacktracking), "\u2581"));
        return steps;
    }

    private static ByteString ReadModel(byte[] content, List<(string Text, float Score, int Type)> pieces)
    {
        var table = ByteString.Empty;
        var input = new CodedInputStream(content);
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (Pieces, WireFormat.WireType.LengthDelimited):
                    pieces.Add(ReadPiece(input.ReadBytes().CreateCodedInput()));
                    break;
                case (TrainerSpec, WireFormat.WireType.LengthDelimited):
                    CheckTrainer(input.ReadBytes().CreateCodedInput());
                    break;
                case (NormalizerSpec, WireFormat.WireType.LengthDelimited):
                    table = ReadTable(input.ReadBytes().CreateCodedInput());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
        return table;
    }

    private static (string Text, float Score, int Type) ReadPiece(CodedInputStream input)
    {
        (string Text, float Score, int Type) piece = ("", 0, Normal);
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (PieceText, WireFormat.WireType.LengthDelimited):
                    piece.Text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(input.ReadBytes().Span);
                    break;
                case (PieceScore, WireFormat.WireType.Fixed32):
                    piece.Score = input.ReadFloat();
                    if (!float.IsFinite(piece.Score)) throw new InvalidDataException($"{FileName}: the piece '{piece.Text}' has a score that is not finite.");
                    break;
                case (PieceType, WireFormat.WireType.Varint):
                    piece.Type = input.ReadEnum();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
        return piece;
    }

    private static void CheckTrainer(CodedInputStream input)
    {
        while (input.ReadTag() is var tag && tag != 0)
        {
            if ((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag)) != (ModelType, WireFormat.WireType.Varint)) input.SkipLastField();
            else if (input.ReadEnum() is var type && type != UnigramType) throw new InvalidDataException($"{FileName}: is a model of type {type}; supported is {UnigramType}, the unigram model, which XLM-R has.");
        }
    }

    private static ByteString ReadTable(CodedInputStream input)
    {
        var table = ByteString.Empty;
        while (input.ReadTag() is var tag && tag != 0)
        {
            if ((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag)) == (CharacterTable, WireFormat.WireType.LengthDelimited)) table = input.ReadBytes();
            else input.SkipLastField();
        }
        return table;
    }
}
