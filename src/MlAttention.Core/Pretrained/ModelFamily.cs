namespace MlAttention.Core.Pretrained;

/// <summary>What a family of encoders has, and what transformers calls its settings and weights.</summary>
/// <param name="ModelType">The family's name in config.json.</param>
/// <param name="ClassName">What the names of its classes begin with, as in "BertModel".</param>
/// <param name="Prefix">What precedes the encoder's weights where a head stands beside them.</param>
internal sealed record ModelFamily(string ModelType, string ClassName, string Prefix)
{
    /// <summary>What config.json calls the settings.</summary>
    public required SettingNames Settings { get; init; }

    /// <summary>What precedes the number of a layer.</summary>
    public required string Layers { get; init; }

    /// <summary>The modules that are stacked in our in_proj: query, key, value.</summary>
    public required string[] QueryKeyValue { get; init; }

    /// <summary>The other modules of a layer, by our names.</summary>
    public required IReadOnlyDictionary<string, string> LayerModules { get; init; }

    /// <summary>The nonlinearity of a trained classifier's head, which reads the first token.</summary>
    public required HeadKind Head { get; init; }

    /// <summary>The head's hidden layer; where it belongs to the encoder, the prefix precedes it.</summary>
    public required (string Name, bool InEncoder) HeadDense { get; init; }

    /// <summary>The head's last layer.</summary>
    public required string HeadOutput { get; init; }

    /// <summary>The head that predicts masked tokens, whose last matrix is that of the word embeddings: its hidden layer, the norm after it, and the bias of each token.</summary>
    public required (string Dense, string Norm, string Bias) MaskHead { get; init; }

    /// <summary>Whether positions start after the padding's id, in the table of positions.</summary>
    public bool PositionsFollowPadding { get; init; }

    /// <summary>The id that pads, where config.json does not say.</summary>
    public int PaddingId { get; init; }

    private static readonly Dictionary<string, string> s_bertLayer = new(StringComparer.Ordinal)
    {
        ["self_attn.out_proj"] = "attention.output.dense",
        ["norm1"] = "attention.output.LayerNorm",
        ["linear1"] = "intermediate.dense",
        ["linear2"] = "output.dense",
        ["norm2"] = "output.LayerNorm",
    };

    /// <summary>Devlin et al. 2019; MiniLM, E5, BGE and GTE are of it.</summary>
    public static ModelFamily Bert { get; } = new("bert", "Bert", "bert.")
    {
        Settings = SettingNames.Bert,
        Layers = "encoder.layer.",
        QueryKeyValue = ["attention.self.query", "attention.self.key", "attention.self.value"],
        LayerModules = s_bertLayer,
        Head = HeadKind.Tanh,
        HeadDense = ("pooler.dense", InEncoder: true),
        HeadOutput = "classifier",
        MaskHead = ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
    };

    /// <summary>Sanh et al. 2019: BERT without token types, under names of its own.</summary>
    public static ModelFamily DistilBert { get; } = new("distilbert", "DistilBert", "distilbert.")
    {
        Settings = SettingNames.DistilBert,
        Layers = "transformer.layer.",
        QueryKeyValue = ["attention.q_lin", "attention.k_lin", "attention.v_lin"],
        LayerModules = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["self_attn.out_proj"] = "attention.out_lin",
            ["norm1"] = "sa_layer_norm",
            ["linear1"] = "ffn.lin1",
            ["linear2"] = "ffn.lin2",
            ["norm2"] = "output_layer_norm",
        },
        Head = HeadKind.Relu,
        HeadDense = ("pre_classifier", InEncoder: false),
        HeadOutput = "classifier",
        MaskHead = ("vocab_transform", "vocab_layer_norm", "vocab_projector.bias"),
    };

    /// <summary>Liu et al. 2019: positions start at padding's id + 1.</summary>
    public static ModelFamily Roberta { get; } = Bert with
    {
        ModelType = "roberta",
        ClassName = "Roberta",
        Prefix = "roberta.",
        HeadDense = ("classifier.dense", InEncoder: false),
        HeadOutput = "classifier.out_proj",
        MaskHead = ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias"),
        PositionsFollowPadding = true,
        PaddingId = 1,
    };

    /// <summary>Conneau et al. 2020: RoBERTa over a SentencePiece vocabulary of a hundred languages.</summary>
    public static ModelFamily XlmRoberta { get; } = Roberta with { ModelType = "xlm-roberta", ClassName = "XLMRoberta" };

    /// <summary>All that are supported.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } = [Bert, DistilBert, Roberta, XlmRoberta];

    /// <summary>The family of this name, or null when it is not supported.</summary>
    public static ModelFamily? Of(string modelType) => All.FirstOrDefault(family => family.ModelType == modelType);
}

/// <summary>What config.json calls the sizes of an encoder. A family without token types, or with a fixed epsilon, has null there.</summary>
internal sealed record SettingNames(string Width, string Layers, string Heads, string FeedForward, string Activation, string Dropout, string AttentionDropout, string? TokenTypes, string? Epsilon)
{
    public const string ModelType = "model_type", Architectures = "architectures", Vocabulary = "vocab_size", Positions = "max_position_embeddings",
        PositionKind = "position_embedding_type", Padding = "pad_token_id", Labels = "id2label", Ids = "label2id", Problem = "problem_type", Tied = "tie_word_embeddings";

    /// <summary>Added to the variance where config.json does not say, in all families.</summary>
    public const double DefaultEpsilon = 1e-12;

    public static SettingNames Bert { get; } = new("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
        "hidden_dropout_prob", "attention_probs_dropout_prob", "type_vocab_size", "layer_norm_eps");

    public static SettingNames DistilBert { get; } = new("dim", "n_layers", "n_heads", "hidden_dim", "activation", "dropout", "attention_dropout", null, null);
}
