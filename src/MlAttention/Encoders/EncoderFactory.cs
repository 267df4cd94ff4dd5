using MlAttention.Architecture;
using MlAttention.Positions;

namespace MlAttention.Encoders;

/// <summary>Makes the encoder of an <see cref="EncoderKind"/>.</summary>
public static class EncoderFactory
{
    /// <summary>A new encoder as the options describe it.</summary>
    /// <param name="options">The encoder's kind, sizes and details.</param>
    /// <param name="positions">Asked once for each attention layer how it sees positions; null for not at all.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public static SequenceEncoder Create(SequenceModelOptions options, Func<PositionEncoding?>? positions = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        bool bidirectional = options.Mask == MaskKind.Bidirectional;
        return options.Encoder switch
        {
            EncoderKind.Attention => new AttentionEncoder(options, positions),
            EncoderKind.Lstm => new LstmEncoder(options.ModelWidth, options.Layers, bidirectional, options.Dropout),
            EncoderKind.Gru => new GruEncoder(options.ModelWidth, options.Layers, bidirectional, options.Dropout),
            EncoderKind.Cnn => new CnnEncoder(options.ModelWidth, options.Layers, activation: options.Activation, dropout: options.Dropout),
            EncoderKind.BagOfEmbeddings => new BagOfEmbeddingsEncoder(options.ModelWidth),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Encoder, "This encoder is not known."),
        };
    }
}
