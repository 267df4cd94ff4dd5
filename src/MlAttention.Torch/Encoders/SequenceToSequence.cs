using MlAttention.Torch.Positions;

namespace MlAttention;

/// <summary>
/// The transformer of Vaswani et al.: an encoder reads the source, and a causal decoder, which looks at what the encoder made of it, writes
/// the target token by token. Runs on TorchSharp alone.
/// </summary>
/// <remarks>
/// p(y | x) = product over t of p(y[t] | y[&lt;t], x) = softmax(head(decoder(embed(y[&lt;t]), encoder(embed(x))))) at y[t],
/// with embed(tokens) = dropout(positions(embedding(tokens) * sqrt(D))).
/// Shapes: source [B,S] int64, mask [B,S] boolean with True = a real token, target [B,L] int64 -> logits [B,L,V].
/// Source tokens: 0 padding, 1..V keys, V + 1 unknown. Target tokens likewise, of which V ends a sequence and V + 2 begins one;
/// logits [.., c] are those of token c + 1.
/// Two masks: no query attends to padding of the source, in the encoder and in the cross-attention; and a position of the target sees only
/// those before it, so that padding on the right needs no mask there.
/// Parameters: embedding.*, positions.*, encoder.* as in <see cref="SequenceClassifier"/>, target_embedding.*, target_positions.*, decoder.*,
/// head.*. Source: Vaswani et al. 2017, section 3.
/// </remarks>
public sealed class SequenceToSequence : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "embedding")] private readonly Embedding _sourceEmbedding;
    [ComponentName(Name = "positions")] private readonly PositionEncoding? _sourcePositions;
    [ComponentName(Name = "encoder")] private readonly SequenceEncoder _encoder;
    [ComponentName(Name = "target_embedding")] private readonly Embedding _targetEmbedding;
    [ComponentName(Name = "target_positions")] private readonly PositionEncoding? _targetPositions;
    [ComponentName(Name = "decoder")] private readonly AttentionDecoder _decoder;
    [ComponentName(Name = "head")] private readonly Linear _head;
    private readonly SequenceModelOptions _encoderOptions;
    private readonly SequenceModelOptions _decoderOptions;

    /// <summary>Creates the model with PyTorch's initial weights.</summary>
    /// <param name="encoder">The encoder; what a classifier has beside it (pooling, head, token types, ..) keeps its default.</param>
    /// <param name="decoder">The decoder, of the same width; it is causal and its attention full.</param>
    /// <param name="sourceVocabulary">Number of keys V of the source.</param>
    /// <param name="targetVocabulary">Number of keys V of the target, the one that ends a sequence, the last, included.</param>
    /// <param name="makePositions">Makes the position scheme of each half, or of each of its layers; null for the one that its options name.</param>
    /// <exception cref="ArgumentException">An option is out of range or has no place here; the message lists every such option.</exception>
    public SequenceToSequence(SequenceModelOptions encoder, SequenceModelOptions decoder, int sourceVocabulary, int targetVocabulary,
        Func<SequenceModelOptions, PositionEncoding>? makePositions = null) : base(nameof(SequenceToSequence))
    {
        EncoderDecoderRules.Require(encoder, decoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceVocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetVocabulary, 2);
        (_encoderOptions, _decoderOptions, EndToken) = (encoder, decoder, targetVocabulary);
        var width = encoder.ModelWidth;
        var sourcePositions = LayerPositions.Of(encoder, makePositions ?? PositionEncoding.Create);
        var targetPositions = LayerPositions.Of(decoder with { Mask = MaskKind.Causal }, makePositions ?? PositionEncoding.Create);
        _sourceEmbedding = SequenceClassifier.NewEmbedding(sourceVocabulary + 2, width, 1 / Scale(encoder));
        _sourcePositions = sourcePositions.Shared;
        _encoder = SequenceEncoder.Create(encoder, sourcePositions.OfLayer);
        _targetEmbedding = SequenceClassifier.NewEmbedding(targetVocabulary + 3, width, 1 / Scale(decoder));
        _targetPositions = targetPositions.Shared;
        _decoder = new AttentionDecoder(decoder, targetPositions.OfLayer);
        _head = nn.Linear(width, targetVocabulary);
        RegisterComponents();
    }

    /// <summary>The token that ends a target: V.</summary>
    public int EndToken { get; }

    /// <summary>The token that stands before a target: V + 2.</summary>
    public int StartToken => EndToken + 2;

    /// <summary>Teacher forcing: the logits of each next token after the true ones before it, of all positions at once.</summary>
    /// <param name="source">[B,S].</param>
    /// <param name="mask">Boolean [B,S], True = a real token.</param>
    /// <param name="target"><see cref="StartToken"/>, then the target's tokens, [B,L], padded on the right.</param>
    /// <returns>[B,L,V]; what stands at padding has no meaning.</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit, or an embedding has no row for a token.</exception>
    public override Tensor forward(Tensor source, Tensor mask, Tensor target)
    {
        RequireInputs(source, mask, target);
        using var scope = NewDisposeScope();
        return DecodedLogits(Encoded(source, mask), mask, target).MoveToOuterDisposeScope();
    }

    /// <summary>What the decoder looks at: made once for a source, however many tokens are decoded.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>The memory [B,S,D].</returns>
    public Tensor Encode(Tensor source, Tensor mask)
    {
        using (NewDisposeScope()) TensorChecks.RequireTokens(nameof(source), source, _sourceEmbedding.weight!.shape[0]);
        TensorChecks.RequireMask(nameof(mask), mask, source.shape[0], source.shape[1]);
        return Encoded(source, mask);
    }

    /// <summary>The logits of each next token, from an encoded source.</summary>
    /// <param name="memory">What <see cref="Encode"/> gives, [B,S,D].</param>
    /// <param name="mask">Boolean [B,S], True = a real token.</param>
    /// <param name="target"><see cref="StartToken"/>, then the tokens so far, [B,L].</param>
    /// <returns>[B,L,V].</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit, or the embedding has no row for a token.</exception>
    public Tensor Logits(Tensor memory, Tensor mask, Tensor target)
    {
        TensorChecks.RequireLayerInput(nameof(memory), memory, "B,S,D", _encoder.Width);
        TensorChecks.RequireMask(nameof(mask), mask, memory.shape[0], memory.shape[1]);
        RequireTarget(target, memory.shape[0]);
        return DecodedLogits(memory, mask, target);
    }

    /// <summary>Where each position of the target looks in the source.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>For each layer of the decoder [B,H,L,S].</returns>
    public IReadOnlyList<Tensor> CrossAttentionWeights(Tensor source, Tensor mask, Tensor target)
    {
        RequireInputs(source, mask, target);
        using var scope = NewDisposeScope();
        var weights = _decoder.CrossAttentionWeights(EmbedTarget(target), Encoded(source, mask), AttentionMask.Padding(mask));
        foreach (var layer in weights) layer.MoveToOuterDisposeScope();
        return weights;
    }

    /// <summary>As <see cref="Encode"/>, for callers that have made the checks; without a mask all tokens are real.</summary>
    internal Tensor Encoded(Tensor source, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return _encoder.Run(Embed(source, _sourceEmbedding, _sourcePositions, _encoderOptions), mask).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Logits"/>, for callers that have made the checks; without a mask all tokens of the source are real.</summary>
    internal Tensor DecodedLogits(Tensor memory, Tensor? mask, Tensor target)
    {
        using var scope = NewDisposeScope();
        return _head.call(Decoded(memory, mask, target)).MoveToOuterDisposeScope();
    }

    /// <summary>The logits [B,V] of the token that follows the whole target: the head's last row alone.</summary>
    internal Tensor NextLogits(Tensor memory, Tensor? mask, Tensor target)
    {
        using var scope = NewDisposeScope();
        return _head.call(Decoded(memory, mask, target).select(1, -1)).MoveToOuterDisposeScope();
    }

    private Tensor Decoded(Tensor memory, Tensor? mask, Tensor target) => _decoder.Run(EmbedTarget(target), memory, mask is null ? null : AttentionMask.Padding(mask));

    private Tensor EmbedTarget(Tensor target) => Embed(target, _targetEmbedding, _targetPositions, _decoderOptions);

    private Tensor Embed(Tensor tokens, Embedding embedding, PositionEncoding? positions, SequenceModelOptions options)
    {
        var vectors = embedding.call(tokens) * Number(Scale(options));                   // [B,L,D]
        return DropoutSource.Apply(positions?.AddToEmbeddings(vectors) ?? vectors, options.Dropout, training);
    }

    private static double Scale(SequenceModelOptions options) => options.ScaleEmbeddings ? Math.Sqrt(options.ModelWidth) : 1;

    private void RequireInputs(Tensor source, Tensor mask, Tensor target)
    {
        using var scope = NewDisposeScope();
        TensorChecks.RequireTokens(nameof(source), source, _sourceEmbedding.weight!.shape[0]);
        RequireTarget(target, source.shape[0]);
        TensorChecks.RequireMask(nameof(mask), mask, source.shape[0], source.shape[1]);
    }

    private void RequireTarget(Tensor target, long rows)
    {
        using var scope = NewDisposeScope();
        TensorChecks.RequireTokens(nameof(target), target, _targetEmbedding.weight!.shape[0]);
        if (target.shape[0] != rows)
            throw new ArgumentException($"target must have shape [B,L]=[{rows},{target.shape[1]}]; got {ShapeText.Of(target)}. Each source needs its target.", nameof(target));
    }
}
