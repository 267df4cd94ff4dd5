using System.Text.Json;
using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Pretrained;

/// <summary>Writes encoders and fine-tuned classifiers as Hugging Face folders, which transformers and sentence-transformers open.</summary>
internal static class HuggingFaceFolder
{
    private const string TokenizerConfig = SpecialTokens.ConfigurationName;

    /// <summary>What a folder may hold that is replaced as a whole.</summary>
    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        ModelConfig.FileName, CheckpointFiles.FileName, SentenceModules.ModulesName, SentenceModules.LengthName, SentenceModules.PoolingFolder, TokenizerConfig,
    };

    /// <summary>Writes a folder, whole or not at all.</summary>
    /// <exception cref="ArgumentException">The architecture is not the family's.</exception>
    /// <exception cref="IOException">The folder has other files.</exception>
    /// <exception cref="NotSupportedException">The tokenizer's files are not known.</exception>
    public static void Write(string folder, PretrainedEncoder encoder)
    {
        var family = ModelFamily.Of(encoder.ModelType) ?? throw new ArgumentException($"The family '{encoder.ModelType}' is not known.", nameof(encoder));
        var architecture = encoder.Architecture;
        ModelConfigWriter.RequireForm(family, architecture);
        var tokenizer = encoder.Tokenizer.Files;
        var form = ModelConfigWriter.FormOf(family, encoder);
        var parts = Parts(encoder, family, form);
        AtomicFolder.Write(folder, name => s_known.Contains(name) || TokenizerReader.FileNames.Contains(name), target =>
        {
            ModelConfigWriter.Write(Path.Combine(target, ModelConfig.FileName), encoder, family, form);
            foreach (var (name, bytes) in tokenizer) File.WriteAllBytes(Path.Combine(target, name), bytes);
            if (!tokenizer.ContainsKey(TokenizerConfig)) WriteTokenizerConfig(target, tokenizer.ContainsKey, architecture.MaxLength);
            WriteSentenceFiles(target, encoder, form);
            SafetensorsFile.WriteParts(Path.Combine(target, CheckpointFiles.FileName), parts, new Dictionary<string, string> { ["format"] = "pt" });
        });
    }

    /// <summary>The tensors of a checkpoint, which point into the encoder's weights.</summary>
    private static List<SafetensorsPart> Parts(PretrainedEncoder encoder, ModelFamily family, HeadForm form)
    {
        int vocabulary = encoder.Tokenizer.VocabularySize;
        var (model, classes, head) = form == HeadForm.MaskedLanguage ? (MaskedLanguageModel.Of(encoder.Architecture), vocabulary, encoder.MaskHeadWeights) : (encoder.Architecture, encoder.Labels.Count, encoder.HeadWeights);
        string prefix = form is HeadForm.Classifier or HeadForm.MaskedLanguage ? family.Prefix : "";
        var names = CheckpointNames.Of(family, prefix, model, vocabulary, classes, ownHead: form == HeadForm.Own);
        var weights = WeightShape.Match([.. names.Select(name => name.Weight)], [.. encoder.Weights, .. head]);
        var parts = new List<SafetensorsPart>();
        for (int i = 0; i < weights.Length; i++)
        {
            var (shape, values) = (names[i].TensorShape, weights[i].Values.AsMemory());
            int length = shape.Aggregate(1, (product, size) => checked(product * size));
            for (int tensor = 0; tensor < names[i].Tensors.Count; tensor++)
                parts.Add(new SafetensorsPart(names[i].Tensors[tensor], shape, values.Slice(names[i].Offset(tensor), length)));
        }
        return parts;
    }

    /// <summary>What the vector of a text is, for sentence-transformers; a classifier of the family's own form has none.</summary>
    private static void WriteSentenceFiles(string folder, PretrainedEncoder encoder, HeadForm form)
    {
        var architecture = encoder.Architecture;
        JsonFiles.Write(Path.Combine(folder, SentenceModules.LengthName), json =>
        {
            json.WriteStartObject();
            json.WriteNumber(SentenceModules.LengthKey, architecture.MaxLength);
            json.WriteBoolean("do_lower_case", false);
            json.WriteEndObject();
        });
        string? mode = SentenceModules.Modes.FirstOrDefault(mode => mode.Value == architecture.Pooling).Key;
        if (form == HeadForm.Classifier || mode is null) return;

        JsonFiles.Write(Path.Combine(folder, SentenceModules.ModulesName), json =>
        {
            string[] modules = encoder.Normalizes ? ["Transformer", "Pooling", "Normalize"] : ["Transformer", "Pooling"];
            json.WriteStartArray();
            for (int i = 0; i < modules.Length; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("idx", i);
                json.WriteString("name", FormattableString.Invariant($"{i}"));
                json.WriteString("path", i == 0 ? "" : FormattableString.Invariant($"{i}_{modules[i]}"));
                json.WriteString("type", "sentence_transformers.models." + modules[i]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        string pooling = Directory.CreateDirectory(Path.Combine(folder, SentenceModules.PoolingFolder)).FullName;
        JsonFiles.Write(Path.Combine(pooling, ModelConfig.FileName), json =>
        {
            json.WriteStartObject();
            json.WriteNumber("word_embedding_dimension", architecture.ModelWidth);
            foreach (var (name, kind) in SentenceModules.Modes)
                if (kind != PoolingKind.Last || architecture.Pooling == PoolingKind.Last) json.WriteBoolean(name, kind == architecture.Pooling);
            json.WriteBoolean(SentenceModules.ModePrefix + "mean_sqrt_len_tokens", false);
            json.WriteEndObject();
        });
    }

    /// <summary>The class of the tokenizer, which follows from its files; everything else is the class's own default, as it was without this file.</summary>
    private static void WriteTokenizerConfig(string folder, Func<string, bool> has, int maxLength) => JsonFiles.Write(Path.Combine(folder, TokenizerConfig), json =>
    {
        json.WriteStartObject();
        json.WriteString("tokenizer_class", has(VocabularyFile.FileName) ? "BertTokenizer" : has(BytePairFiles.MergesName) ? "RobertaTokenizer" : has(SentencePieceFile.FileName) ? "XLMRobertaTokenizer" : "PreTrainedTokenizerFast");
        json.WriteNumber("model_max_length", maxLength);
        json.WriteEndObject();
    });
}

/// <summary>Small JSON files.</summary>
internal static class JsonFiles
{
    /// <summary>Writes a file, indented, and with one line feed at its end on every system.</summary>
    public static void Write(string path, Action<Utf8JsonWriter> write)
    {
        using var stream = File.Create(path);
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(json);
        stream.WriteByte((byte)'\n');
    }
}
