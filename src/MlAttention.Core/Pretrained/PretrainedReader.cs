namespace MlAttention.Core.Pretrained;

/// <summary>From a Hugging Face folder to an encoder of our own names. Sizes are compared with the files' headers before memory is taken for them.</summary>
internal static class PretrainedReader
{
    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer, or null for the one of the folder's files.</param>
    public static PretrainedEncoder Read(string folder, PretrainedTokenizer? tokenizer)
    {
        string configPath = Path.Combine(folder, ModelConfig.FileName);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such folder. A folder of a model from Hugging Face is needed, with config.json, model.safetensors and the tokenizer's files.");
        if (!File.Exists(configPath)) throw new FileNotFoundException($"{configPath}: is missing. Copy config.json, model.safetensors and the tokenizer's files of the model.", configPath);
        var config = ModelConfig.Read(configPath);
        var modules = SentenceModules.Read(folder);
        using var files = CheckpointFiles.Open(folder);
        tokenizer ??= PretrainedTokenizer.Load(folder);
        if (tokenizer.VocabularySize > config.VocabularySize)
            throw new InvalidDataException($"{configPath}: '{SettingNames.Vocabulary}' is {config.VocabularySize}, and the tokenizer has {tokenizer.VocabularySize} tokens; the files are not of one model.");

        var architecture = Adjust(config, modules, folder);
        string prefix = files.Has(config.Family.Prefix + CheckpointNames.WordEmbeddings) ? config.Family.Prefix : "";
        bool hasMaskHead = config.Labels.Count == 0 && !config.HasOwnHead && config.TiesEmbeddings && files.Has(config.Family.MaskHead.Dense + ".weight");
        var weights = ReadWeights(files, config, hasMaskHead ? MaskedLanguageModel.Of(architecture) : architecture, prefix, tokenizer.VocabularySize);
        WeightTensor[] head = [.. weights.Where(IsHead)];
        return new PretrainedEncoder(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), config.Family.ModelType, architecture, tokenizer,
            [.. weights.Where(weight => !IsHead(weight))])
        {
            Normalizes = modules.Normalizes,
            Labels = config.Labels,
            HeadWeights = hasMaskHead ? [] : head,
            MaskHeadWeights = hasMaskHead ? head : [],
        };
    }

    /// <summary>Whether a weight is of the head, which an encoder keeps apart.</summary>
    public static bool IsHead(WeightTensor weight) => weight.Name.StartsWith("head.", StringComparison.Ordinal);

    private static SequenceModelOptions Adjust(ModelConfig config, SentenceModules modules, string folder)
    {
        var architecture = config.Architecture;
        if (modules.MaxLength is { } longest && longest < architecture.MaxLength)
        {
            if (longest < SequenceCut.LeastWithBoundaries)
                throw new InvalidDataException($"{Path.Combine(folder, SentenceModules.LengthName)}: '{SentenceModules.LengthKey}' is {longest}; at least {SequenceCut.LeastWithBoundaries} tokens are needed.");
            architecture = architecture with { MaxLength = longest };
        }
        bool hasHead = config.Labels.Count > 0 || config.HasOwnHead;
        return hasHead || modules.Pooling is not { } pooling ? architecture : architecture with { Pooling = pooling };
    }

    private static WeightTensor[] ReadWeights(CheckpointFiles files, ModelConfig config, SequenceModelOptions architecture, string prefix, int vocabulary)
    {
        if (architecture.Layers > files.Count)
            throw new InvalidDataException($"{Path.Combine(files.Folder, ModelConfig.FileName)}: '{config.Family.Settings.Layers}' is {architecture.Layers}, and {files.Place} has only {files.Count} tensors.");
        var weights = CheckpointNames.Of(config.Family, prefix, architecture, vocabulary, architecture.Head.IsTied ? vocabulary : config.Labels.Count, config.HasOwnHead);
        string[][] names = [.. weights.Select(weight => weight.Tensors.Select(name => Find(files, name)).ToArray())];
        for (int i = 0; i < names.Length; i++)
            foreach (string name in names[i]) Check(files, name, weights[i].HasTokens ? [config.VocabularySize, .. weights[i].TensorShape[1..]] : weights[i].TensorShape);
        return [.. weights.Select((weight, i) => Read(files, weight, names[i]))];
    }

    /// <summary>The name under which a tensor is there: as it is now, or with LayerNorm's gamma and beta of the first checkpoints.</summary>
    private static string Find(CheckpointFiles files, string name)
    {
        if (files.Has(name)) return name;
        string old = name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? name[..^"weight".Length] + "gamma"
            : name.EndsWith("LayerNorm.bias", StringComparison.Ordinal) ? name[..^"bias".Length] + "beta" : name;
        return files.Has(old) ? old : throw new InvalidDataException($"{files.Place}: the tensor '{name}' is missing; it has {files.ListNames()}.");
    }

    private static void Check(CheckpointFiles files, string name, int[] expected)
    {
        var found = files.ShapeOf(name);
        if (!found.SequenceEqual(expected.Select(size => (long)size)))
            throw new InvalidDataException($"{files.PlaceOf(name)}: the tensor '{name}' has shape [{string.Join(',', found)}]; by {ModelConfig.FileName} it must be [{string.Join(',', expected)}].");
        files.RequireReadable(name);
    }

    private static WeightTensor Read(CheckpointFiles files, CheckpointWeight weight, string[] names)
    {
        var (name, shape) = (weight.Weight.Name, weight.Weight.Shape);
        long count = shape.Aggregate(1L, (product, size) => checked(product * size));
        if (count > Array.MaxLength) throw new InvalidDataException($"{files.Place}: the weight of '{names[0]}' would take {count} values; at most {Array.MaxLength} can be read.");
        float[] values = new float[count];
        int length = (int)(count / shape[0]) * weight.TensorShape[0];
        for (int i = 0; i < names.Length; i++) files.Read(names[i], values.AsSpan(weight.Offset(i), length));
        return new WeightTensor(name, shape, values);
    }
}
