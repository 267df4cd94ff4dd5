namespace MlAttention.Core.Pretrained;

/// <summary>How a checkpoint tells of a head.</summary>
internal enum HeadForm
{
    /// <summary>There is none: an encoder alone.</summary>
    None,
    /// <summary>The head of the family's class for classification, which transformers opens as such.</summary>
    Classifier,
    /// <summary>The head of the family's class for masked language modelling, likewise.</summary>
    MaskedLanguage,
    /// <summary>A head or a pooling that no class of transformers has, under names of our own beside the encoder, which transformers opens alone.</summary>
    Own,
}

/// <summary>Writes config.json.</summary>
internal static class ModelConfigWriter
{
    /// <summary>The form that an encoder's head has.</summary>
    public static HeadForm FormOf(ModelFamily family, PretrainedEncoder encoder)
    {
        var (model, labels) = (encoder.Architecture, encoder.Labels.Count);
        bool startsKept = model.Truncation == TruncationSide.KeepStart;
        if (labels > 0) return startsKept && labels > 1 && model.Pooling == PoolingKind.First && model.Head == family.Head ? HeadForm.Classifier : HeadForm.Own;
        return !startsKept || model.Pooling == PoolingKind.Attention ? HeadForm.Own : encoder.MaskHeadWeights.Count > 0 ? HeadForm.MaskedLanguage : HeadForm.None;
    }

    /// <summary>Checks that transformers' class of the family computes what the architecture does.</summary>
    /// <exception cref="ArgumentException">It does not; the message lists every option that differs.</exception>
    public static void RequireForm(ModelFamily family, SequenceModelOptions model)
    {
        var errors = new OptionErrors($"{nameof(SequenceModelOptions)} as a model of the family {family.ModelType}");
        errors.Require(model.Encoder == EncoderKind.Attention, nameof(model.Encoder), model.Encoder, "must be Attention");
        errors.Require(model.Algorithm is AttentionAlgorithm.Full or AttentionAlgorithm.Chunked, nameof(model.Algorithm), model.Algorithm, "must be Full or Chunked");
        errors.Require(model.Mask == MaskKind.Bidirectional, nameof(model.Mask), model.Mask, "must be Bidirectional");
        errors.Require(model.Score == ScoreFunction.ScaledDotProduct, nameof(model.Score), model.Score, "must be ScaledDotProduct");
        errors.Require(model.Temperature == 1, nameof(model.Temperature), model.Temperature, "must be 1");
        errors.Require(model.Norm == NormPlacement.Post, nameof(model.Norm), model.Norm, "must be Post");
        errors.Require(model.EmbeddingNorm, nameof(model.EmbeddingNorm), model.EmbeddingNorm, "must be true");
        errors.Require(!model.ScaleEmbeddings, nameof(model.ScaleEmbeddings), model.ScaleEmbeddings, "must be false");
        errors.Require(model.KeepBoundaries, nameof(model.KeepBoundaries), model.KeepBoundaries, "must be true");
        errors.Require(model.Positions == PositionScheme.Learned, nameof(model.Positions), model.Positions, "must be Learned");
        errors.Require(model.PositionDetails.LearnedOffset > 0 == family.PositionsFollowPadding, nameof(PositionOptions.LearnedOffset), model.PositionDetails.LearnedOffset, family.PositionsFollowPadding ? "must be the id of padding + 1" : "must be 0");
        errors.Require(model.TokenTypes == 0 || family.Settings.TokenTypes is not null, nameof(model.TokenTypes), model.TokenTypes, "must be 0");
        errors.Require(family.Settings.Epsilon is not null || model.LayerNormEpsilon == SettingNames.DefaultEpsilon, nameof(model.LayerNormEpsilon), model.LayerNormEpsilon, "must be 1e-12");
        errors.Require(model.Pooling != PoolingKind.Cls, nameof(model.Pooling), model.Pooling, "adds a token of its own; First reads the CLS of the tokenizer");
        errors.ThrowIfAny();
    }

    /// <summary>Writes the file.</summary>
    public static void Write(string path, PretrainedEncoder encoder, ModelFamily family, HeadForm form) => JsonFiles.Write(path, json =>
    {
        var (model, names) = (encoder.Architecture, family.Settings);
        json.WriteStartObject();
        json.WriteStartArray(SettingNames.Architectures);
        json.WriteStringValue(ModelConfig.ClassOf(family, form));
        json.WriteEndArray();
        json.WriteString(SettingNames.ModelType, family.ModelType);
        json.WriteNumber(SettingNames.Vocabulary, encoder.Tokenizer.VocabularySize);
        json.WriteNumber(names.Width, model.ModelWidth);
        json.WriteNumber(names.Layers, model.Layers);
        json.WriteNumber(names.Heads, model.Heads);
        json.WriteNumber(names.FeedForward, model.FeedForwardWidth);
        json.WriteString(names.Activation, model.Activation switch { ActivationKind.GeluTanh => "gelu_new", ActivationKind.Relu => "relu", _ => "gelu" });
        json.WriteNumber(names.Dropout, model.Dropout);
        json.WriteNumber(names.AttentionDropout, model.Dropout);
        json.WriteNumber(SettingNames.Positions, model.PositionRows);
        if (names.TokenTypes is not null) json.WriteNumber(names.TokenTypes, model.TokenTypes);
        if (names.Epsilon is not null) json.WriteNumber(names.Epsilon, model.LayerNormEpsilon);
        json.WriteString(SettingNames.PositionKind, "absolute");
        int padding = family.PositionsFollowPadding ? model.PositionDetails.LearnedOffset - 1 : encoder.Tokenizer.PaddingId ?? family.PaddingId;
        json.WriteNumber(SettingNames.Padding, padding);
        if (encoder.Labels.Count > 0) WriteLabels(json, encoder.Labels);
        if (form == HeadForm.Own)
        {
            json.WriteStartObject(OwnForm.Key);
            json.WriteString(OwnForm.Pooling, model.Pooling.ToString());
            json.WriteString(OwnForm.Head, model.Head.ToString());
            json.WriteString(OwnForm.Truncation, model.Truncation.ToString());
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private static void WriteLabels(System.Text.Json.Utf8JsonWriter json, IReadOnlyList<string> labels)
    {
        json.WriteStartObject(SettingNames.Labels);
        for (int id = 0; id < labels.Count; id++) json.WriteString(FormattableString.Invariant($"{id}"), labels[id]);
        json.WriteEndObject();
        json.WriteStartObject(SettingNames.Ids);
        for (int id = 0; id < labels.Count; id++) json.WriteNumber(labels[id], id);
        json.WriteEndObject();
        json.WriteString(SettingNames.Problem, "single_label_classification");
    }
}
