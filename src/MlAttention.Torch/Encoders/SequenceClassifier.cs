using MlAttention.Torch.Positions;

namespace MlAttention;

/// <summary>Classifies padded token sequences: embedding, positions, encoder, pooling, head.</summary>
/// <remarks>
/// logits = head(pooling(encoder(dropout(positions(embedding(tokens) * sqrt(D))))))
/// Pretrained encoders: logits = head(pooling(encoder(dropout(norm(positions(embedding(tokens)) + type))))), each part as the options say.
/// type is that of row 0 of token_types, or in texts of several parts of the row of the part, as SequenceModelOptions.SeparatorKey tells them apart.
/// A label for each token: logits = head(encoder(...)), of each token's own vector, without pooling; 0 for padding.
/// Predicted tokens: the same, with the embedding's rows as the head's matrix, and C = V, as HeadKind.Tied says.
/// Shapes: tokens [B,L] int64, mask [B,L] boolean with True = a real token -> logits [B,C], or [B,L,C] with a label for each token.
/// Parameters: embedding.weight [rows,D], positions.*, token_types.weight [T,D], embedding_norm.*, encoder.*, pooling.*, head.dense.*,
/// head.norm.*, head.weight [C,D] unless it is tied, head.bias [C].
/// Token 0 is padding: its embedding is zero and never trained. Source: Vaswani et al. 2017, sections 3.1 to 3.5; Devlin et al. 2019.
/// </remarks>
public sealed class SequenceClassifier : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "embedding")] private readonly Embedding _embedding;
    [ComponentName(Name = "positions")] private readonly PositionEncoding? _positions;
    [ComponentName(Name = "token_types")] private readonly Embedding? _tokenTypes;
    [ComponentName(Name = "embedding_norm")] private readonly LayerNorm? _embeddingNorm;
    [ComponentName(Name = "encoder")] private readonly SequenceEncoder _encoder;
    [ComponentName(Name = "pooling")] private readonly SequencePooling _pooling;
    [ComponentName(Name = "head")] private readonly nn.Module? _head;
    private readonly int? _typeSeparator;
    private readonly double _scale;
    private readonly double _dropout;
    private readonly bool _isPerToken;

    /// <summary>Creates the classifier that the options describe.</summary>
    /// <param name="options">The architecture.</param>
    /// <param name="embeddingCount">Rows of the embedding: the number of distinct tokens with padding.</param>
    /// <param name="classCount">The number of classes C; 0 for an encoder alone, without a head.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public SequenceClassifier(SequenceModelOptions options, int embeddingCount, int classCount)
        : this(options, embeddingCount, classCount, PositionEncoding.Create)
    {
    }

    /// <summary>Creates the classifier that the options describe, with one's own position scheme.</summary>
    /// <param name="options">The architecture; its positions are not used.</param>
    /// <param name="embeddingCount">Rows of the embedding: the number of distinct tokens with padding.</param>
    /// <param name="classCount">The number of classes C; 0 for an encoder alone, without a head.</param>
    /// <param name="makePositions">Makes the scheme for the model, or for each layer if the scheme asks for that.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public SequenceClassifier(SequenceModelOptions options, int embeddingCount, int classCount, Func<SequenceModelOptions, PositionEncoding> makePositions)
        : this(Parts.Of(options.Checked(), makePositions), embeddingCount, classCount)
    {
    }

    /// <summary>Creates the classifier from its parts.</summary>
    /// <param name="positions">What adds positions to the embeddings; null for nothing.</param>
    /// <param name="encoder">The encoder; its width is the embedding's.</param>
    /// <param name="pooling">The pooling.</param>
    /// <param name="embeddingCount">Rows of the embedding: the number of distinct tokens with padding.</param>
    /// <param name="classCount">The number of classes C; 0 for an encoder alone, without a head.</param>
    /// <param name="dropout">The share of the embeddings that training drops; from 0 to below 1.</param>
    public SequenceClassifier(PositionEncoding? positions, SequenceEncoder encoder, SequencePooling pooling, int embeddingCount, int classCount, double dropout = 0)
        : this(new Parts(positions, encoder, pooling, new() { Dropout = DropoutSource.Checked(dropout) }), embeddingCount, classCount)
    {
    }

    private SequenceClassifier(Parts parts, int embeddingCount, int classCount) : base(nameof(SequenceClassifier))
    {
        ArgumentNullException.ThrowIfNull(parts.Encoder);
        ArgumentNullException.ThrowIfNull(parts.Pooling);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 0);
        var (width, options) = (parts.Encoder.Width, parts.Options);
        (_positions, _encoder, _pooling, _dropout) = (parts.Positions, parts.Encoder, parts.Pooling, options.Dropout);
        _isPerToken = options.Task.IsPerToken;
        _scale = options.ScaleEmbeddings ? Math.Sqrt(width) : 1;
        _embedding = NewEmbedding(embeddingCount, width, options.Head.IsTied ? 1 / Math.Sqrt(width) : 1 / _scale);
        if (options.TokenTypes > 0) _tokenTypes = nn.Embedding(options.TokenTypes, width);
        _typeSeparator = options.TypeSeparator;
        if (options.EmbeddingNorm) _embeddingNorm = nn.LayerNorm(width, options.LayerNormEpsilon);
        if (classCount > 0) _head = NewHead(options, embeddingCount, width, classCount);
        RegisterComponents();
    }

    /// <summary>The classes' logits.</summary>
    /// <param name="tokens">Token ids, int64 [B,L].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <returns>[B,C]; [B,L,C] with a label for each token.</returns>
    /// <exception cref="ArgumentException">A shape or type does not fit, or the embedding has no row for a token.</exception>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    public override Tensor forward(Tensor tokens, Tensor mask)
    {
        RequireInputs(tokens, mask);
        return Logits(tokens, mask);
    }

    /// <summary>One vector a sequence, as the head sees it: the trained model as a featurizer.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>[B,D].</returns>
    public Tensor Encode(Tensor tokens, Tensor mask)
    {
        RequireInputs(tokens, mask);
        return Vectors(tokens, mask);
    }

    /// <summary>The encoder's vectors: one for each token, in its context.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>[B,L,D]; 0 for padding.</returns>
    public Tensor EncodeTokens(Tensor tokens, Tensor mask)
    {
        RequireInputs(tokens, mask);
        return TokenVectors(tokens, mask);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks; without a mask all tokens are real.</summary>
    /// <param name="tokens">Token ids, int64 [B,L].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <param name="places">Of tokens that have logits of their own, the P among B L that are asked for, int64 [P]; null for all.</param>
    /// <returns>[B,C], [B,L,C] of tokens, or [P,C].</returns>
    internal Tensor Logits(Tensor tokens, Tensor? mask, Tensor? places = null)
    {
        using var scope = NewDisposeScope();
        return LogitsOf(Lookup(tokens), tokens, mask, places).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of tokens' embeddings [B,L,D], as <see cref="Lookup"/> gives them or others in their place.</summary>
    /// <inheritdoc cref="Logits"/>
    internal Tensor LogitsOf(Tensor embeddings, Tensor tokens, Tensor? mask, Tensor? places = null)
    {
        if (_head is null) throw new InvalidOperationException($"This {nameof(SequenceClassifier)} was made for 0 classes: it has no head. Call {nameof(Encode)}, or make it with classes.");
        using var scope = NewDisposeScope();
        var vectors = _isPerToken ? TokenVectorsOf(embeddings, tokens, mask) : Pooled(embeddings, tokens, mask);     // [B,L,D] or [B,D]
        if (places is not null) vectors = vectors.flatten(0, 1).index_select(0, places);                            // [P,D]
        var logits = _head switch
        {
            TiedHead tied => tied.Run(vectors, _embedding.weight!),
            HiddenLayerHead hidden => hidden.Run(vectors),
            var linear => ((Linear)linear).call(vectors),
        };
        if (_isPerToken && places is null && mask is not null) logits = logits.masked_fill(mask.logical_not().unsqueeze(2), Number(0));
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Encode"/>, for callers that have made the checks.</summary>
    internal Tensor Vectors(Tensor tokens, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return Pooled(Lookup(tokens), tokens, mask).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="EncodeTokens"/>, for callers that have made the checks.</summary>
    internal Tensor TokenVectors(Tensor tokens, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return TokenVectorsOf(Lookup(tokens), tokens, mask).MoveToOuterDisposeScope();
    }

    private Tensor TokenVectorsOf(Tensor embeddings, Tensor tokens, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var vectors = _encoder.Run(Place(embeddings, tokens), mask);
        if (mask is not null) vectors = vectors.masked_fill(mask.logical_not().unsqueeze(2), Number(0));
        return vectors.MoveToOuterDisposeScope();
    }

    /// <summary>The attention weights of each head in each layer.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>For each layer [B,H,L,L]; the rows of queries, the columns of keys.</returns>
    /// <exception cref="InvalidOperationException">The encoder has no attention.</exception>
    public IReadOnlyList<Tensor> AttentionWeights(Tensor tokens, Tensor mask)
    {
        if (_encoder is not AttentionEncoder encoder)
            throw new InvalidOperationException($"{_encoder.GetName()} has no attention weights; {nameof(AttentionEncoder)} has.");
        RequireInputs(tokens, mask);
        using var scope = NewDisposeScope();
        var weights = encoder.AttentionWeights(Embed(tokens), mask);
        foreach (var layer in weights) layer.MoveToOuterDisposeScope();
        return weights;
    }

    private void RequireInputs(Tensor tokens, Tensor mask)
    {
        using var scope = NewDisposeScope();
        TensorChecks.RequireTokens(nameof(tokens), tokens, _embedding.weight!.shape[0]);
        TensorChecks.RequireMask(nameof(mask), mask, tokens.shape[0], tokens.shape[1]);
    }

    /// <summary>The embeddings of tokens, before scale, positions and norm.</summary>
    /// <returns>[B,L,D].</returns>
    internal Tensor Lookup(Tensor tokens) => _embedding.call(tokens);

    private Tensor Pooled(Tensor embeddings, Tensor tokens, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return _pooling.Run(_encoder.Run(Place(embeddings, tokens), mask), mask).MoveToOuterDisposeScope();
    }

    private Tensor Embed(Tensor tokens) => Place(Lookup(tokens), tokens);

    private Tensor Place(Tensor embeddings, Tensor tokens)
    {
        if (_scale != 1) embeddings = embeddings * Number(_scale);
        if (_positions is not null) embeddings = _positions.AddToEmbeddings(embeddings);
        if (_tokenTypes is not null) embeddings = embeddings.Plus(_typeSeparator is { } separator ? _tokenTypes.call(TypesOf(tokens, separator)) : _tokenTypes.weight!.select(0, 0));
        if (_embeddingNorm is not null) embeddings = _embeddingNorm.call(embeddings);
        return DropoutSource.Apply(embeddings, _dropout, training);
    }

    /// <summary>The type of each token [B,L]: the number of separators before it, at most the last type.</summary>
    private Tensor TypesOf(Tensor tokens, int separator)
    {
        var separators = tokens.eq(Number(separator)).to(ScalarType.Int64);
        return separators.cumsum(1).Plus(separators.neg()).clamp_max(Number(_tokenTypes!.weight!.shape[0] - 1));
    }

    /// <exception cref="ArgumentException">The head is tied, and the classes are not the vocabulary's tokens.</exception>
    private static nn.Module NewHead(SequenceModelOptions options, int embeddingCount, int width, int classCount)
    {
        if (options.Head == HeadKind.Linear) return nn.Linear(width, classCount);
        if (!options.Head.IsTied) return new HiddenLayerHead(options.Head, width, classCount);
        WeightLayout.RequireVocabulary(options, embeddingCount, classCount);
        return new TiedHead(options, classCount);
    }

    /// <summary>Token vectors [count,width]; row 0 is padding, zero and never trained.</summary>
    internal static Embedding NewEmbedding(int count, int width, double deviation)
    {
        var embedding = nn.Embedding(count, width, padding_idx: 0);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var weight = embedding.weight!;
        nn.init.normal_(weight, 0, deviation);
        weight.narrow(0, 0, 1).zero_();
        return embedding;
    }

    /// <summary>What a classifier is made of, and the options of what it makes itself.</summary>
    private sealed record Parts(PositionEncoding? Positions, SequenceEncoder Encoder, SequencePooling Pooling, SequenceModelOptions Options)
    {
        public static Parts Of(SequenceModelOptions options, Func<SequenceModelOptions, PositionEncoding> makePositions)
        {
            var positions = LayerPositions.Of(options, makePositions);
            return new(positions.Shared, SequenceEncoder.Create(options, positions.OfLayer), SequencePooling.Create(options.Pooling, options.ModelWidth), options);
        }
    }
}
