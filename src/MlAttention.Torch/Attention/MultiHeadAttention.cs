namespace MlAttention;

/// <summary>Several attentions side by side, each on its own projection of the inputs: self-attention and cross-attention.</summary>
/// <remarks>
/// head_h = attention(q Wq_h, k Wk_h, v Wv_h); output = concat(head_1 .. head_H) Wo.
/// Shapes: query [B,L,D], key [B,S,Dk], value [B,S,Dv] -> output [B,L,D], weights [B,H,L,S].
/// Parameters are named and laid out as in torch.nn.MultiheadAttention: in_proj_weight [3D,D] (rows: Wq, Wk, Wv), or
/// q_proj_weight [D,D], k_proj_weight [D,Dk], v_proj_weight [D,Dv] when the widths differ; in_proj_bias [3D]; out_proj.
/// Source: Vaswani et al. 2017, section 3.2.2.
/// </remarks>
public sealed class MultiHeadAttention : nn.Module<Tensor, Tensor, Tensor, AttentionMask?, Tensor>
{
    private readonly AttentionOptions _options;
    private readonly IAttentionAlgorithm _algorithm;
    private readonly Unregistered? _positions;

    [ComponentName(Name = "in_proj_weight")] private readonly Parameter? _inProjection;
    [ComponentName(Name = "q_proj_weight")] private readonly Parameter? _queryProjection;
    [ComponentName(Name = "k_proj_weight")] private readonly Parameter? _keyProjection;
    [ComponentName(Name = "v_proj_weight")] private readonly Parameter? _valueProjection;
    [ComponentName(Name = "in_proj_bias")] private readonly Parameter? _inProjectionBias;
    [ComponentName(Name = "out_proj")] private readonly Linear _outProjection;
    [ComponentName(Name = "score")] private readonly AttentionScore _score;
    [ComponentName(Name = "positions")] private readonly PositionEncoding? _ownPositions;

    /// <summary>Creates the layer with PyTorch's initial weights: Xavier uniform projections, zero biases.</summary>
    /// <param name="options">The layer's options.</param>
    /// <param name="positions">
    /// How this layer sees positions; null for not at all. A scheme with an instance for each layer becomes a part of this layer,
    /// named "positions"; another stays with its owner.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public MultiHeadAttention(AttentionOptions options, PositionEncoding? positions = null)
        : this(options, AttentionScore.Create(options.Checked().Score, options.HeadWidth, options.HeadWidth, options.ScoreWidth), positions)
    {
    }

    /// <summary>Creates the layer with a score of one's own, and PyTorch's initial weights.</summary>
    /// <param name="options">The layer's options; <see cref="AttentionSettings.Score"/> is not used.</param>
    /// <param name="score">Scores queries [B,H,L,Dh] with keys [B,H,S,Dh]; becomes a part of this layer, named "score".</param>
    /// <param name="positions">How this layer sees positions; null for not at all.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public MultiHeadAttention(AttentionOptions options, AttentionScore score, PositionEncoding? positions = null) : base(nameof(MultiHeadAttention))
    {
        ArgumentNullException.ThrowIfNull(score);
        (_options, _score, _algorithm) = (options.Checked(), score, IAttentionAlgorithm.Create(options));
        if (positions is not null) _positions = new(positions);
        _ownPositions = positions is { PerLayer: true } ? positions : null;

        var width = options.ModelWidth;
        if (options.SameWidths) _inProjection = Projection(3 * width, width);
        else
        {
            _queryProjection = Projection(width, width);
            _keyProjection = Projection(width, options.KeyWidth ?? width);
            _valueProjection = Projection(width, options.ValueWidth ?? width);
        }
        if (options.Bias) _inProjectionBias = nn.Parameter(zeros(3 * width));
        _outProjection = nn.Linear(width, width, options.Bias);
        if (_outProjection.bias is { } bias) nn.init.zeros_(bias);
        RegisterComponents();
    }

    /// <summary>The trained parameters of positions that belong to another module.</summary>
    internal IEnumerable<Parameter> SharedParameters => _ownPositions is null && _positions is { Module: var shared } ? shared.parameters() : [];

    /// <summary>The output alone.</summary>
    /// <param name="query">Queries [B,L,D].</param>
    /// <param name="key">Keys [B,S,Dk].</param>
    /// <param name="value">Values [B,S,Dv].</param>
    /// <param name="mask">Which keys a query may attend to; null for all.</param>
    /// <returns>[B,L,D].</returns>
    public override Tensor forward(Tensor query, Tensor key, Tensor value, AttentionMask? mask) =>
        Attend(query, key, value, mask).Output;

    /// <summary>The output, and the weights of each head when asked for; they are not computed otherwise.</summary>
    /// <param name="query">Queries [B,L,D].</param>
    /// <param name="key">Keys [B,S,Dk].</param>
    /// <param name="value">Values [B,S,Dv].</param>
    /// <param name="mask">Which keys a query may attend to; null for all.</param>
    /// <param name="returnWeights">Whether the weights [B,H,L,S] are wanted.</param>
    /// <exception cref="ArgumentException">A shape does not fit, an input has NaN, or the algorithm does not cover what is asked for.</exception>
    public AttentionResult Attend(Tensor query, Tensor key, Tensor value, AttentionMask? mask = null, bool returnWeights = false)
    {
        Require(query, key, value);
        return Run(query, key, value, mask, returnWeights);
    }

    /// <summary>As <see cref="Attend"/>, for callers that have made the checks.</summary>
    internal AttentionResult Run(Tensor query, Tensor key, Tensor value, AttentionMask? mask, bool returnWeights)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Project(query, key, value);                                      // [B,H,L,Dh], [B,H,S,Dh] twice
        if (_positions is { Module: var positions }) (q, k) = positions.TransformQueryKey(q, k);
        var heads = _algorithm.Attend(new AttentionInputs(q, k, v, _score)
        {
            Mask = mask,
            Positions = _positions?.Module,
            Temperature = _options.Temperature,
            Dropout = training ? _options.Dropout : 0,
            ReturnWeights = returnWeights,
        });
        var joined = heads.Output.transpose(1, 2).flatten(2);                            // [B,L,D]
        return new AttentionResult(_outProjection.call(joined).MoveToOuterDisposeScope(), heads.Weights?.MoveToOuterDisposeScope());
    }

    private static Parameter Projection(long rows, long columns) => nn.Parameter(nn.init.xavier_uniform_(empty(rows, columns)));

    private void Require(Tensor query, Tensor key, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        var width = _options.ModelWidth;
        TensorChecks.RequireSequence(nameof(query), query, "B,L,D", null, null, width, $"The layer was made for ModelWidth = {width}.");
        var batch = query.shape[0];
        var keyWidth = _options.KeyWidth ?? width;
        TensorChecks.RequireSequence(nameof(key), key, "B,S,Dk", batch, null, keyWidth, $"Query and key need the same batch, and the layer was made for KeyWidth = {keyWidth}.");
        var valueWidth = _options.ValueWidth ?? width;
        TensorChecks.RequireSequence(nameof(value), value, "B,S,Dv", batch, key.shape[1], valueWidth, $"Each key needs its value, and the layer was made for ValueWidth = {valueWidth}.");
        if (!_options.CheckNumbers) return;
        TensorChecks.RequireNumbers(nameof(query), query);
        if (!ReferenceEquals(key, query)) TensorChecks.RequireNumbers(nameof(key), key);
        if (!ReferenceEquals(value, key)) TensorChecks.RequireNumbers(nameof(value), value);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value)
    {
        if (_inProjection is not null && ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var (batch, length) = (query.size(0), query.size(1));
            var all = nn.functional.linear(query, _inProjection, _inProjectionBias)      // [B,L,3D]
                .view(batch, length, 3, _options.Heads, _options.HeadWidth)              // [B,L,3,H,Dh]
                .permute(2, 0, 3, 1, 4);                                                 // [3,B,H,L,Dh]
            var parts = (training ? all.contiguous() : all).unbind();
            return (parts[0], parts[1], parts[2]);
        }
        Tensor[] weights = _inProjection?.chunk(3) ?? [_queryProjection!, _keyProjection!, _valueProjection!];
        var biases = _inProjectionBias?.chunk(3) ?? [];
        return (Split(query, weights[0], biases.ElementAtOrDefault(0)),
            Split(key, weights[1], biases.ElementAtOrDefault(1)),
            Split(value, weights[2], biases.ElementAtOrDefault(2)));
    }

    /// <summary>Projects and splits into heads: [B,L,*] -> [B,H,L,Dh].</summary>
    private Tensor Split(Tensor input, Tensor weight, Tensor? bias) =>
        nn.functional.linear(input, weight, bias)
            .view(input.size(0), input.size(1), _options.Heads, _options.HeadWidth)
            .transpose(1, 2);

    /// <summary>
    /// Positions that belong to another module: TorchSharp registers every field that holds a module as a part of its owner, but does
    /// not look into other objects.
    /// </summary>
    private sealed record Unregistered(PositionEncoding Module);
}

/// <summary>What attention gives back.</summary>
/// <param name="Output">From <see cref="MultiHeadAttention"/> [B,L,D].</param>
/// <param name="Weights">The weights of each head [B,H,L,S], before dropout; null unless they were asked for.</param>
public sealed record AttentionResult(Tensor Output, Tensor? Weights);
