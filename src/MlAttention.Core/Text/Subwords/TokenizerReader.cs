namespace MlAttention.Core.Text.Subwords;

/// <summary>The one place that chooses which of a folder's files make the tokenizer: the first that is there, in the order of Hugging Face's library.</summary>
internal static class TokenizerReader
{
    /// <summary>No tokenizer is larger; a file that is must not ask for memory.</summary>
    private const long LargestFile = 256 << 20;

    private const string Supported = $"{TokenizerJson.FileName}, or {VocabularyFile.FileName}, or {BytePairFiles.VocabularyName} and {BytePairFiles.MergesName}, or {SentencePieceFile.FileName}";

    /// <summary>The names of all files that are read and kept.</summary>
    public static IEnumerable<string> FileNames =>
        [TokenizerJson.FileName, VocabularyFile.FileName, BytePairFiles.VocabularyName, BytePairFiles.MergesName, SentencePieceFile.FileName, .. SpecialTokens.FileNames];

    /// <summary>The files of a folder that belong to its tokenizer.</summary>
    public static Dictionary<string, byte[]> ReadFolder(string folder)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string name in FileNames)
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (!file.Exists) continue;
            if (file.Length > LargestFile) throw new InvalidDataException($"{file.FullName}: has {file.Length} bytes, and a tokenizer's file has at most {LargestFile}.");
            files.Add(name, File.ReadAllBytes(file.FullName));
        }
        return files;
    }

    /// <summary>Those of files in memory that belong to a tokenizer.</summary>
    public static Dictionary<string, byte[]> Choose(IReadOnlyDictionary<string, byte[]> files) =>
        FileNames.Where(files.ContainsKey).ToDictionary(name => name, name => files[name], StringComparer.Ordinal);

    /// <summary>What the files describe.</summary>
    public static SubwordPipeline Read(IReadOnlyDictionary<string, byte[]> files, string place)
    {
        var specials = new SpecialTokens(files);
        if (files.TryGetValue(TokenizerJson.FileName, out byte[]? whole)) return TokenizerJson.Read(whole, specials);
        if (files.TryGetValue(VocabularyFile.FileName, out byte[]? lines)) return VocabularyFile.Read(lines, specials);
        if (files.TryGetValue(BytePairFiles.VocabularyName, out byte[]? vocabulary))
        {
            if (files.TryGetValue(BytePairFiles.MergesName, out byte[]? merges)) return BytePairFiles.Read(vocabulary, merges, specials);
            throw new FileNotFoundException($"{place} has {BytePairFiles.VocabularyName} without {BytePairFiles.MergesName}, which a tokenizer of byte pairs needs too.", BytePairFiles.MergesName);
        }
        if (files.TryGetValue(SentencePieceFile.FileName, out byte[]? pieces)) return SentencePieceFile.Read(pieces, specials);
        throw new FileNotFoundException($"{place} has no file of a tokenizer: {Supported}.", TokenizerJson.FileName);
    }

    /// <summary>What a tokenizer of Microsoft.ML.Tokenizers does, with what has to be said beside it.</summary>
    public static WrappedModel Wrap(Microsoft.ML.Tokenizers.Tokenizer tokenizer, IReadOnlyList<string> tokens, string? cls, string? sep, string? padding, string? unknown)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0) throw new ArgumentException("A tokenizer has at least one token.", nameof(tokens));
        int? Find(string? token, string name)
        {
            if (token is null) return null;
            for (int id = 0; id < tokens.Count; id++)
            {
                if (tokens[id] == token) return id;
            }
            throw new ArgumentException($"The token '{token}' is not among the {tokens.Count} tokens.", name);
        }
        return new WrappedModel(tokenizer)
        {
            Tokens = [.. tokens],
            Before = Find(cls, nameof(cls)) is { } first ? [first] : [],
            After = Find(sep, nameof(sep)) is { } last ? [last] : [],
            Between = Find(sep, nameof(sep)) is { } between ? sep == "</s>" ? [between, between] : [between] : [],
            HasTypedParts = sep != "</s>",
            PaddingId = Find(padding, nameof(padding)),
            UnknownId = Find(unknown, nameof(unknown)),
        };
    }
}
