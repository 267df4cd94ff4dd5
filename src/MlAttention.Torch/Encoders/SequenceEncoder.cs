namespace MlAttention;

/// <summary>Turns a padded sequence of embeddings into a sequence of contextual vectors of the same shape.</summary>
/// <remarks>
/// Shapes: x [B,L,D], mask [B,L] boolean with True = a real token -> [B,L,D].
/// What stands at padded positions of x changes no real position of the output: a row alone and the same row padded in any
/// batch agree. The output's own padded positions hold arbitrary numbers; a pooling leaves them out.
/// </remarks>
public abstract class SequenceEncoder : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    /// <param name="width">The width D of the vectors; at least 1.</param>
    protected SequenceEncoder(string name, int width) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Width = width;
    }

    /// <summary>A new encoder as the options describe it.</summary>
    /// <param name="options">The encoder's kind, sizes and details.</param>
    /// <param name="positions">Asked once for each attention layer how it sees positions; null for not at all.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public static SequenceEncoder Create(SequenceModelOptions options, Func<PositionEncoding?>? positions = null)
    {
        var bidirectional = options.Checked().Mask == MaskKind.Bidirectional;
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

    /// <summary>The width D of the vectors.</summary>
    public int Width { get; }

    /// <summary>Encodes a batch of sequences.</summary>
    /// <param name="x">Embeddings, [B,L,D].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <returns>Contextual vectors, [B,L,D].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or x holds NaN.</exception>
    public sealed override Tensor forward(Tensor x, Tensor mask)
    {
        TensorChecks.RequirePaddedSequence(x, mask, Width);
        return Run(x, mask);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks; without a mask all tokens are real.</summary>
    internal Tensor Run(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return (mask is null ? EncodeUnpadded(x) : Encode(x, mask)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoding itself; runs in a dispose scope of its own and returns a new tensor.</summary>
    protected abstract Tensor Encode(Tensor x, Tensor mask);

    /// <summary>The same where all tokens are real, for encoders that then have less to do.</summary>
    private protected virtual Tensor EncodeUnpadded(Tensor x) => Encode(x, ones([x.shape[0], x.shape[1]], dtype: ScalarType.Bool, device: x.device));
}

/// <summary>The embeddings as they are: no token sees another. The baseline that shows what context is worth.</summary>
/// <param name="width">The width D of the vectors.</param>
public sealed class BagOfEmbeddingsEncoder(int width) : SequenceEncoder(nameof(BagOfEmbeddingsEncoder), width)
{
    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask) => x.alias();

    /// <inheritdoc/>
    private protected override Tensor EncodeUnpadded(Tensor x) => x.alias();
}
