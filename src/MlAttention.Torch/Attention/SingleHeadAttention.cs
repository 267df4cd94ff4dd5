namespace MlAttention;

/// <summary>One head of attention from one sequence to another, without biases or output projection: the plain formula.</summary>
/// <remarks>
/// output = softmax((x Wq)(m Wk)^T / sqrt(Dh)) (m Wv).
/// Shapes: x [B,L,D], m (memory) [B,S,Dm] -> output [B,L,Dv]. Parameters: query.weight [Dh,D], key.weight [Dh,Dm], value.weight [Dv,Dm].
/// For models use <see cref="MultiHeadAttention"/>. Source: Vaswani et al. 2017, section 3.2.
/// </remarks>
public sealed class CrossAttention : nn.Module<Tensor, Tensor, AttentionMask?, Tensor>
{
    private readonly FullAttention _algorithm = new();
    private readonly int _width;
    private readonly int _memoryWidth;

    [ComponentName(Name = "query")] private readonly Linear _query;
    [ComponentName(Name = "key")] private readonly Linear _key;
    [ComponentName(Name = "value")] private readonly Linear _value;
    [ComponentName(Name = "score")] private readonly AttentionScore _score = new ScaledDotProductScore();

    /// <summary>Creates the layer with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="width">Width D of the queries' sequence.</param>
    /// <param name="memoryWidth">Width Dm of the memory.</param>
    /// <param name="headWidth">Width Dh of queries and keys.</param>
    /// <param name="valueWidth">Width Dv of values and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public CrossAttention(int width, int memoryWidth, int headWidth, int valueWidth) : base(nameof(CrossAttention))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(valueWidth, 1);
        (_width, _memoryWidth) = (width, memoryWidth);
        _query = nn.Linear(width, headWidth, hasBias: false);
        _key = nn.Linear(memoryWidth, headWidth, hasBias: false);
        _value = nn.Linear(memoryWidth, valueWidth, hasBias: false);
        RegisterComponents();
    }

    /// <summary>The output alone.</summary>
    /// <param name="x">The sequence of the queries [B,L,D].</param>
    /// <param name="memory">The sequence of keys and values [B,S,Dm].</param>
    /// <param name="mask">Which positions of the memory a query may attend to; null for all.</param>
    /// <returns>[B,L,Dv].</returns>
    public override Tensor forward(Tensor x, Tensor memory, AttentionMask? mask) => Attend(x, memory, mask, returnWeights: false).Output;

    /// <summary>The output, and the weights [B,1,L,S] when asked for.</summary>
    /// <param name="x">The sequence of the queries [B,L,D].</param>
    /// <param name="memory">The sequence of keys and values [B,S,Dm].</param>
    /// <param name="mask">Which positions of the memory a query may attend to; null for all.</param>
    /// <param name="returnWeights">Whether the weights are wanted.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or an input has NaN.</exception>
    public AttentionResult Attend(Tensor x, Tensor memory, AttentionMask? mask = null, bool returnWeights = true)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(memory);
        using var scope = NewDisposeScope();
        TensorChecks.RequireSequence(nameof(x), x, "B,L,D", null, null, _width, $"The layer was made for width {_width}.");
        TensorChecks.RequireSequence(nameof(memory), memory, "B,S,Dm", x.shape[0], null, _memoryWidth, $"Both sequences need the same batch, and the layer was made for memory width {_memoryWidth}.");
        TensorChecks.RequireNumbers(nameof(x), x);
        if (!ReferenceEquals(memory, x)) TensorChecks.RequireNumbers(nameof(memory), memory);
        var inputs = new AttentionInputs(OneHead(_query, x), OneHead(_key, memory), OneHead(_value, memory), _score) { Mask = mask, ReturnWeights = returnWeights };
        var (output, weights) = _algorithm.Attend(inputs);
        return new AttentionResult(output.squeeze(1).MoveToOuterDisposeScope(), weights?.MoveToOuterDisposeScope());
    }

    private static Tensor OneHead(Linear projection, Tensor sequence) => projection.call(sequence).unsqueeze(1); // [B,1,L,Dh]
}

/// <summary>One head of attention of a sequence to itself, without biases or output projection: the plain formula.</summary>
/// <remarks>
/// output = softmax((x Wq)(x Wk)^T / sqrt(Dh)) (x Wv): <see cref="CrossAttention"/> whose memory is the sequence itself.
/// Shapes: x [B,L,D] -> output [B,L,Dv]. Parameters: attention.query.weight, attention.key.weight, attention.value.weight.
/// For models use <see cref="MultiHeadAttention"/>. Source: Vaswani et al. 2017, section 3.2.
/// </remarks>
public sealed class SelfAttention : nn.Module<Tensor, AttentionMask?, Tensor>
{
    [ComponentName(Name = "attention")] private readonly CrossAttention _attention;

    /// <summary>Creates the layer with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="width">Width D of the sequence.</param>
    /// <param name="headWidth">Width Dh of queries and keys.</param>
    /// <param name="valueWidth">Width Dv of values and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public SelfAttention(int width, int headWidth, int valueWidth) : base(nameof(SelfAttention))
    {
        _attention = new CrossAttention(width, width, headWidth, valueWidth);
        RegisterComponents();
    }

    /// <summary>The output alone.</summary>
    /// <param name="x">The sequence [B,L,D].</param>
    /// <param name="mask">Which positions a position may attend to; null for all.</param>
    /// <returns>[B,L,Dv].</returns>
    public override Tensor forward(Tensor x, AttentionMask? mask) => _attention.call(x, x, mask);

    /// <summary>The output and the weights [B,1,L,L].</summary>
    /// <inheritdoc cref="forward"/>
    /// <exception cref="ArgumentException">A shape does not fit, or an input has NaN.</exception>
    public AttentionResult Attend(Tensor x, AttentionMask? mask = null) => _attention.Attend(x, x, mask);
}
