namespace MlAttention.Core.Pretrained;

/// <summary>What the files of sentence-transformers say about the vector of a text.</summary>
/// <param name="Pooling">How tokens become one vector, or null where no file says so.</param>
/// <param name="Normalizes">Whether the vector is scaled to length 1.</param>
/// <param name="MaxLength">The longest sequence in tokens, or null where no file says so.</param>
internal sealed record SentenceModules(PoolingKind? Pooling, bool Normalizes, int? MaxLength)
{
    public const string ModulesName = "modules.json", LengthName = "sentence_bert_config.json", PoolingFolder = "1_Pooling", LengthKey = "max_seq_length", ModePrefix = "pooling_mode_";

    /// <summary>The poolings that both libraries have, by the names of their settings.</summary>
    public static IReadOnlyDictionary<string, PoolingKind> Modes { get; } = new Dictionary<string, PoolingKind>(StringComparer.Ordinal)
    {
        [ModePrefix + "cls_token"] = PoolingKind.First,
        [ModePrefix + "mean_tokens"] = PoolingKind.Mean,
        [ModePrefix + "max_tokens"] = PoolingKind.Max,
        [ModePrefix + "lasttoken"] = PoolingKind.Last,
    };

    /// <summary>Reads the files that a folder has.</summary>
    /// <exception cref="FileNotFoundException">modules.json names a folder that is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or asks for what is not supported.</exception>
    public static SentenceModules Read(string folder)
    {
        string lengthPath = Path.Combine(folder, LengthName), modulesPath = Path.Combine(folder, ModulesName);
        int? length = File.Exists(lengthPath) && JsonPart.Read(lengthPath) is var settings && settings.Has(LengthKey) ? settings.Integer(LengthKey) : null;
        PoolingKind? pooling = null;
        bool normalizes = false;
        if (!File.Exists(modulesPath)) return new(pooling, normalizes, length);
        foreach (var module in JsonPart.ReadList(modulesPath))
        {
            string type = module.Text("type") ?? throw module.Wrong("type", "the class of the module is needed");
            switch (type[(type.LastIndexOf('.') + 1)..])
            {
                case "Transformer": break;
                case "Pooling": pooling = ReadPooling(folder, module); break;
                case "Normalize": normalizes = true; break;
                default: throw module.Wrong("type", "supported are Transformer, Pooling and Normalize");
            }
        }
        return new(pooling, normalizes, length);
    }

    private static PoolingKind ReadPooling(string folder, JsonPart module)
    {
        string name = module.Text("path") ?? PoolingFolder;
        if (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\', ':') || name.StartsWith('.')) throw module.Wrong("path", "the name of a folder is needed");
        string path = Path.Combine(folder, name, ModelConfig.FileName);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: is missing, though {ModulesName} names it. Copy the folder {name} too.", path);

        var settings = JsonPart.Read(path);
        string[] modes = [.. settings.Names.Where(mode => mode.StartsWith(ModePrefix, StringComparison.Ordinal) && settings.Flag(mode)).Distinct(StringComparer.Ordinal)];
        if (modes is [var one] && Modes.TryGetValue(one, out var pooling)) return pooling;
        throw new InvalidDataException($"{path}: {(modes.Length == 0 ? "no pooling is true" : string.Join(", ", modes))}; exactly one of {string.Join(", ", Modes.Keys)} is supported.");
    }
}
