namespace MlAttention.Core.Text.Subwords;

/// <summary>Reads tokenizer.json, the file of Hugging Face's tokenizers library, which says all by itself.</summary>
internal static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    /// <param name="content">The file.</param>
    /// <param name="specials">What the files beside it say.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or asks for what is not supported.</exception>
    public static SubwordPipeline Read(byte[] content, SpecialTokens specials)
    {
        var root = JsonPart.Parse(FileName, content);
        var tokens = new TokenTable(FileName);
        var preTokenizers = PreTokenizerReader.Read(root["pre_tokenizer"], specials.Configuration);
        var model = ReadModel(root["model"], preTokenizers, tokens, out int? unknownId, out var mark);

        var added = root["added_tokens"].IsNull ? [] : root["added_tokens"].Items().Select(part => ReadAdded(part, tokens)).ToList();
        foreach (var token in added) tokens.Add(token.Content, token.Id);

        var around = TokensAround.Read(root["post_processor"], tokens);
        var pipeline = new SubwordPipeline
        {
            Tokens = tokens.InOrder(), Model = model, Normalizers = [.. NormalizerReader.Read(root["normalizer"], specials.Configuration)], PreTokenizers = [.. preTokenizers],
            Before = [.. around.Before], After = [.. around.After], Between = [.. around.Between], HasTypedParts = around.HasTypedParts, UnknownId = unknownId, PaddingId = PaddingOf(root["padding"], specials, tokens),
            MaskId = tokens.Find(specials.Find("mask_token")?.Content) ?? tokens.Find("[MASK]") ?? tokens.Find("<mask>"), Mark = mark,
        };
        foreach (var token in added) pipeline.Add(token);
        return pipeline;
    }

    /// <summary>An added token; one that the model has too has the model's id.</summary>
    private static AddedToken ReadAdded(JsonPart part, TokenTable tokens)
    {
        var token = SpecialTokens.ReadAdded(part, part["id"].Number());
        return tokens.Find(token.Content) is { } id ? token with { Id = id } : token;
    }

    private static int? PaddingOf(JsonPart padding, SpecialTokens specials, TokenTable tokens) =>
        tokens.Find(specials.Find("pad_token")?.Content) ?? (padding["pad_token"].IsText ? tokens.Find(padding["pad_token"].Text()) : null) ?? tokens.Find("[PAD]") ?? tokens.Find("<pad>");

    private static TokenModel ReadModel(JsonPart part, List<PreTokenizer> preTokenizers, TokenTable tokens, out int? unknownId, out WordMark mark)
    {
        // Files of the library's first versions name no type.
        string type = !part["type"].IsNull ? part["type"].Text() : part["vocab"].IsArray ? "Unigram" : part["merges"].IsNull ? "WordPiece" : "BPE";
        mark = type switch
        {
            "WordPiece" => new(Continuation(part), IsOfFirst: false),
            "BPE" => WordMark.ByteBlank,
            _ => new(preTokenizers.OfType<MetaspacePreTokenizer>().FirstOrDefault()?.Mark.ToString() ?? WordMark.Blank.Text, IsOfFirst: true),
        };
        return type switch
        {
            "WordPiece" => WordPiece(part, tokens, out unknownId),
            "BPE" => BytePair(part, preTokenizers, tokens, out unknownId),
            "Unigram" => Unigram(part, tokens, out unknownId),
            _ => throw part["type"].Error($"is '{type}'; supported models are BPE (of bytes), Unigram and WordPiece"),
        };
    }

    private static WordPieceModel WordPiece(JsonPart part, TokenTable tokens, out int? unknownId)
    {
        foreach (var (token, id) in part["vocab"].Members()) tokens.Add(token, id.Number());
        int unknown = tokens.Require(part["unk_token"].IsNull ? "[UNK]" : part["unk_token"].Text(), "unk_token");
        int longest = part["max_input_chars_per_word"].IsNull ? WordPieceModel.DefaultMaxCharacters : part["max_input_chars_per_word"].Number();
        unknownId = unknown;
        return new WordPieceModel(tokens.ToTrie(), Continuation(part), unknown, longest);
    }

    private static string Continuation(JsonPart part) => part["continuing_subword_prefix"].IsNull ? WordMark.Continuation.Text : part["continuing_subword_prefix"].Text();

    private static UnigramModel Unigram(JsonPart part, TokenTable tokens, out int? unknownId)
    {
        if (part["byte_fallback"].Flag(false)) throw part["byte_fallback"].Error("is true, which is not supported: unknown characters have to be the unknown token");
        var scores = new List<double>();
        foreach (var item in part["vocab"].Items())
        {
            if (item.Items().Count() != 2) throw item.Error("must be a token and its score");
            tokens.Add(item.Items().First().Text(), scores.Count);
            scores.Add(item.Items().Last().Real());
        }
        int unknown = part["unk_id"].Number();
        if (unknown < 0 || unknown >= scores.Count) throw part["unk_id"].Error($"is {unknown}; the tokens have ids 0 to {scores.Count - 1}");
        unknownId = unknown;
        return new UnigramModel(tokens.ToTrie(), [.. scores], unknown);
    }

    private static BytePairModel BytePair(JsonPart part, List<PreTokenizer> preTokenizers, TokenTable tokens, out int? unknownId)
    {
        if (!preTokenizers.OfType<ByteLevelPreTokenizer>().Any()) throw part.Error("is of type BPE without the pre-tokenizer ByteLevel; supported are byte pairs of bytes");
        foreach (string name in (ReadOnlySpan<string>)["byte_fallback", "ignore_merges"])
        {
            if (part[name].Flag(false)) throw part[name].Error("is true, which is not supported");
        }
        foreach (string name in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!part[name].IsNull && part[name].Text().Length > 0) throw part[name].Error($"is '{part[name].Text()}'; supported are byte pairs without one");
        }
        foreach (var (token, id) in part["vocab"].Members()) tokens.Add(token, id.Number());
        unknownId = part["unk_token"].IsNull ? null : tokens.Require(part["unk_token"].Text(), "unk_token");
        var merges = part["merges"].Items().Select(merge => merge.IsArray ? (merge.Items().ElementAtOrDefault(0).Text(), merge.Items().ElementAtOrDefault(1).Text()) : BytePairFiles.Pair(merge.Text(), merge));
        return BytePairFiles.CreateModel(tokens, merges, unknownId, part["fuse_unk"].Flag(false), FileName);
    }
}
