namespace MlAttention.Core.Pretrained;

/// <summary>What config.json says, as our own options.</summary>
/// <param name="Family">The family.</param>
/// <param name="Architecture">The architecture; its pooling and head are those of the trained classifier where there is one.</param>
/// <param name="VocabularySize">Rows of the word embeddings.</param>
/// <param name="Labels">The labels in the order of the classes; none without a trained classifier.</param>
/// <param name="HasOwnHead">Whether the classifier's head is one that transformers does not have, which this library wrote.</param>
internal sealed record ModelConfig(ModelFamily Family, SequenceModelOptions Architecture, int VocabularySize, IReadOnlyList<string> Labels, bool HasOwnHead)
{
    /// <summary>Whether the head that predicts masked tokens has the word embeddings as its matrix.</summary>
    public bool TiesEmbeddings { get; init; } = true;

    /// <summary>The file's name.</summary>
    public const string FileName = "config.json";

    private const string Classification = "ForSequenceClassification";

    /// <summary>The name of the class of transformers that a family's model is.</summary>
    public static string ClassOf(ModelFamily family, HeadForm form) => family.ClassName + form switch
    {
        HeadForm.Classifier => Classification,
        HeadForm.MaskedLanguage => "ForMaskedLM",
        _ => "Model",
    };

    /// <exception cref="InvalidDataException">The file is damaged, or asks for what is not supported.</exception>
    public static ModelConfig Read(string path)
    {
        var settings = JsonPart.Read(path);
        string supported = string.Join(", ", ModelFamily.All.Select(known => known.ModelType));
        string modelType = settings.Text(SettingNames.ModelType) ?? throw settings.Wrong(SettingNames.ModelType, $"one of {supported} is needed");
        var family = ModelFamily.Of(modelType) ?? throw settings.Wrong(SettingNames.ModelType, $"supported are {supported}: BERT, also MiniLM, E5, BGE and GTE, DistilBERT, RoBERTa and XLM-RoBERTa");
        RequireSupported(settings);

        var architecture = Sizes(settings, family);
        string[] labels = ReadLabels(settings);
        var own = settings.Inner(OwnForm.Key);
        if (own is { } form) architecture = OwnForm.Read(form, architecture);
        else if (labels.Length > 0) architecture = architecture with { Pooling = PoolingKind.First, Head = family.Head };
        try
        {
            architecture.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{path}: the sizes do not fit together: {exception.Message}", exception);
        }
        return new ModelConfig(family, architecture, settings.Integer(SettingNames.Vocabulary), labels, own is not null) { TiesEmbeddings = !settings.Has(SettingNames.Tied) || settings.Flag(SettingNames.Tied) };
    }

    private static SequenceModelOptions Sizes(JsonPart settings, ModelFamily family)
    {
        const int mostTypes = 100;
        var names = family.Settings;
        int positions = settings.Integer(SettingNames.Positions);
        int offset = family.PositionsFollowPadding ? settings.Integer(SettingNames.Padding, family.PaddingId, least: 0, most: positions) + 1 : 0;
        double dropout = settings.Number(names.Dropout, 0.1), epsilon = names.Epsilon is null ? SettingNames.DefaultEpsilon : settings.Number(names.Epsilon, SettingNames.DefaultEpsilon);
        if (dropout is not (>= 0 and < 1)) throw settings.Wrong(names.Dropout, "a probability from 0 to below 1 is needed");
        return new SequenceModelOptions
        {
            ModelWidth = settings.Integer(names.Width),
            Layers = settings.Integer(names.Layers),
            Heads = settings.Integer(names.Heads),
            FeedForwardWidth = settings.Integer(names.FeedForward),
            Activation = ReadActivation(settings, names.Activation),
            Norm = NormPlacement.Post,
            LayerNormEpsilon = epsilon,
            Dropout = dropout,
            ScaleEmbeddings = false,
            EmbeddingNorm = true,
            TokenTypes = names.TokenTypes is null ? 0 : settings.Integer(names.TokenTypes, 2, least: 0, most: mostTypes),
            Positions = PositionScheme.Learned,
            PositionDetails = new PositionOptions { LearnedOffset = offset, LearnedRows = positions },
            MaxLength = positions - offset,
            KeepBoundaries = true,
        };
    }

    /// <summary>What would make another model of the same weights.</summary>
    private static void RequireSupported(JsonPart settings)
    {
        if (settings.Text(SettingNames.PositionKind) is not (null or "absolute")) throw settings.Wrong(SettingNames.PositionKind, "\"absolute\" is supported");
        if (settings.Flag("is_decoder")) throw settings.Wrong("is_decoder", "encoders are supported, whose tokens see both sides");
        if (settings.Inner("pruned_heads") is { } pruned && pruned.Names.Any()) throw settings.Wrong("pruned_heads", "models with all of their heads are supported");
    }

    private static ActivationKind ReadActivation(JsonPart settings, string name) => settings.Text(name) switch
    {
        null or "gelu" or "gelu_python" => ActivationKind.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" => ActivationKind.GeluTanh,
        "relu" => ActivationKind.Relu,
        _ => throw settings.Wrong(name, "supported are gelu, gelu_new, gelu_pytorch_tanh and relu"),
    };

    /// <summary>The labels of a trained classifier of one label for each text; none where the folder has another task or none.</summary>
    private static string[] ReadLabels(JsonPart settings)
    {
        var classes = settings.Texts(SettingNames.Architectures);
        if (!settings.Has(OwnForm.Key) && !classes.Any(name => name.EndsWith(Classification, StringComparison.Ordinal))) return [];
        const string withoutHead = "to load the encoder alone, take 'architectures' out of config.json";
        if (settings.Text(SettingNames.Problem) is not (null or "single_label_classification"))
            throw settings.Wrong(SettingNames.Problem, $"\"single_label_classification\", one label for each text, is supported; {withoutHead}");

        if (settings.Inner(SettingNames.Labels) is not { } named)
            return settings.Has(OwnForm.Key) ? [] : [.. Enumerable.Range(0, settings.Integer("num_labels", 2, least: 2, most: 100_000)).Select(id => FormattableString.Invariant($"LABEL_{id}"))];
        string[] labels = new string[named.Names.Count()];
        for (int id = 0; id < labels.Length; id++)
            labels[id] = named.Text(FormattableString.Invariant($"{id}")) ?? throw settings.Wrong(SettingNames.Labels, $"a label for each id from 0 to {labels.Length - 1} is needed");
        if (labels.Length < 2 && !settings.Has(OwnForm.Key)) throw settings.Wrong(SettingNames.Labels, $"at least 2 labels are needed, since a head of one output is a regression; {withoutHead}");
        if (labels.Distinct(StringComparer.Ordinal).Count() < labels.Length) throw settings.Wrong(SettingNames.Labels, "labels that differ are needed");
        return labels;
    }
}

/// <summary>
/// What config.json keeps of a model for which transformers has no class: the pooling, the head and the cut that its classes do not know.
/// </summary>
internal static class OwnForm
{
    /// <summary>The setting that holds it.</summary>
    public const string Key = "mlattention";

    public const string Pooling = "pooling", Head = "head", Truncation = "truncation";

    /// <summary>An architecture with what the settings say.</summary>
    public static SequenceModelOptions Read(JsonPart settings, SequenceModelOptions architecture) => architecture with
    {
        Pooling = settings.Choice(Pooling, PoolingKind.Mean) is var pooling && pooling != PoolingKind.Cls ? pooling : throw settings.Wrong(Pooling, "First is what CLS pooling is, where the tokenizer puts CLS"),
        Head = settings.Choice(Head, HeadKind.Linear, HeadKind.Tied, HeadKind.TiedTransform),
        Truncation = settings.Choice(Truncation, TruncationSide.KeepStart),
    };
}
