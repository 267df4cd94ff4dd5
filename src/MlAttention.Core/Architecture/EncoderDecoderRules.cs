namespace MlAttention.Core.Architecture;

/// <summary>What the options of a sequence classifier must be where they tell of an encoder, or of a decoder over it.</summary>
internal static class EncoderDecoderRules
{
    private static readonly SequenceModelOptions Defaults = new();

    /// <summary>Checks both halves.</summary>
    /// <exception cref="ArgumentException">An option is out of range or has no place here; the message lists every such option.</exception>
    public static void Require(SequenceModelOptions encoder, SequenceModelOptions decoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        encoder.Validate();
        decoder.Validate();
        var errors = new OptionErrors("An encoder-decoder");
        Require(errors, "encoder", encoder);
        Require(errors, "decoder", decoder);
        errors.Require(decoder.ModelWidth == encoder.ModelWidth, "decoder.ModelWidth", decoder.ModelWidth, $"must be the encoder's, {encoder.ModelWidth}, whose vectors the decoder attends to");
        errors.Require(decoder.Encoder == EncoderKind.Attention, "decoder.Encoder", decoder.Encoder, "must be Attention");
        errors.Require(decoder.Algorithm == AttentionAlgorithm.Full, "decoder.Algorithm", decoder.Algorithm, "must be Full: cross-attention has no order between its two sequences");
        errors.Require(decoder.Mask is MaskKind.Bidirectional or MaskKind.Causal, "decoder.Mask", decoder.Mask, "must be Causal, or as it is by default: a decoder is causal in any case");
        errors.Require(decoder.Truncation == TruncationSide.KeepStart, "decoder.Truncation", decoder.Truncation, "must be KeepStart: a target that is too long is cut at its end");
        errors.Require(!decoder.GradientCheckpointing, "decoder.GradientCheckpointing", decoder.GradientCheckpointing, "is for encoders");
        errors.ThrowIfAny();
    }

    private static void Require(OptionErrors errors, string half, SequenceModelOptions options)
    {
        void Default<T>(string name, T value, T usual) =>
            errors.Require(EqualityComparer<T>.Default.Equals(value, usual), $"{half}.{name}", value, "has no place in an encoder-decoder; leave it as it is by default");
        Default(nameof(options.Task), options.Task, Defaults.Task);
        Default(nameof(options.Pooling), options.Pooling, Defaults.Pooling);
        Default(nameof(options.Head), options.Head, Defaults.Head);
        Default(nameof(options.TokenTypes), options.TokenTypes, Defaults.TokenTypes);
        Default(nameof(options.EmbeddingNorm), options.EmbeddingNorm, Defaults.EmbeddingNorm);
        Default(nameof(options.SeparatorKey), options.SeparatorKey, Defaults.SeparatorKey);
        Default(nameof(options.KeepBoundaries), options.KeepBoundaries, Defaults.KeepBoundaries);
    }
}
