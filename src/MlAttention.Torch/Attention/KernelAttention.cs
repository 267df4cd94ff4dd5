namespace MlAttention.Torch.Attention;

/// <summary>Attention whose score is a product of features, so that keys and values are summed once for all queries.</summary>
/// <remarks>
/// output[i] = f(q_i) (sum over j of f(k_j) v_j^T) / (f(q_i) · sum over j of f(k_j)); causal: the sums run over j &lt;= i.
/// Shapes: features of the queries [B,H,L,M] and of the keys [B,H,S,M], M features. Time and memory O(n M Dv).
/// Source: Katharopoulos et al. 2020, equations 5 and 8 to 12.
/// </remarks>
internal static class KernelAttention
{
    /// <summary>Splits a mask into what kernel attention can do: padding of keys, and causal.</summary>
    /// <exception cref="ArgumentException">The mask has another part.</exception>
    public static (Tensor? RealKeys, bool Causal) Split(AttentionInputs inputs, string algorithm)
    {
        var parts = inputs.Mask?.Parts.ToArray() ?? [];
        if (Array.Find(parts, part => part is not (CausalMask or PaddingMask)) is { } other)
            throw new ArgumentException($"{algorithm} attention forms no scores to mask: it takes padding and causal masks; got {other.GetType().Name}. Use {nameof(AttentionAlgorithm)}.{nameof(AttentionAlgorithm.Full)} or {nameof(AttentionAlgorithm.Chunked)}.");
        var padding = parts.OfType<PaddingMask>().Aggregate<AttentionMask, AttentionMask?>(null, AttentionMask.Combine);
        return (padding?.ToTensor(inputs.Query.shape[2], inputs.Key.shape[2], inputs.Query.device).transpose(-2, -1), Array.Exists(parts, part => part is CausalMask)); // [B,1,S,1]
    }

    /// <summary>The output for features of the queries and the keys. Dropout drops values: as if each query had dropped its weight of that key.</summary>
    public static AttentionResult Attend(AttentionInputs inputs, Tensor queryFeatures, Tensor keyFeatures, bool causal, int blockSize)
    {
        var value = inputs.Value;
        if (inputs.Dropout > 0) value = value * DropoutSource.Apply(ones([.. value.shape[..3], 1], value.dtype, value.device), inputs.Dropout);
        var output = causal ? Causal(queryFeatures, keyFeatures, value, blockSize) : Bidirectional(queryFeatures, keyFeatures, value);
        return new AttentionResult(output.MoveToOuterDisposeScope(), null);
    }

    /// <summary>Every query sees every key.</summary>
    private static Tensor Bidirectional(Tensor queryFeatures, Tensor keyFeatures, Tensor value)
    {
        var state = keyFeatures.transpose(-2, -1).matmul(value);                         // [B,H,M,Dv]
        var total = keyFeatures.sum(-2).unsqueeze(-1);                                   // [B,H,M,1]
        return Divide(queryFeatures.matmul(state), queryFeatures.matmul(total));
    }

    /// <summary>Query i sees the keys up to i: blocks of tokens, the products inside a block masked, what came before as one state.</summary>
    private static Tensor Causal(Tensor queryFeatures, Tensor keyFeatures, Tensor value, int blockSize)
    {
        long[] heads = queryFeatures.shape[..2];
        var state = zeros([.. heads, queryFeatures.shape[3], value.shape[3]], value.dtype, value.device);
        var total = zeros([.. heads, queryFeatures.shape[3], 1], value.dtype, value.device);
        var (keyBlocks, valueBlocks) = (keyFeatures.Cut(blockSize), value.Cut(blockSize));
        List<Tensor> outputs = [];
        foreach (var q in queryFeatures.Cut(blockSize))
        {
            var (sum, weight) = (q.matmul(state), q.matmul(total));
            if (outputs.Count < keyBlocks.Length)
            {
                var (k, v) = (keyBlocks[outputs.Count], valueBlocks[outputs.Count]);
                var products = q.matmul(k.transpose(-2, -1)).tril();                     // [B,H,l,s]
                (sum, weight) = (sum.Plus(products.matmul(v)), weight.Plus(products.sum(-1, keepdim: true)));
                state = state.Plus(k.transpose(-2, -1).matmul(v));
                total = total.Plus(k.sum(-2).unsqueeze(-1));
            }
            outputs.Add(Divide(sum, weight));
        }
        return cat(outputs, 2);
    }

    /// <summary>A query without any key has weight 0 and gets zeros.</summary>
    private static Tensor Divide(Tensor sum, Tensor weight)
    {
        var empty = weight.eq(Number(0));
        return (sum / weight.masked_fill(empty, Number(1))).masked_fill(empty, Number(0));
    }
}

/// <summary>Attention with the kernel (elu(q) + 1)·(elu(k) + 1) instead of the softmax: another model, in time O(n).</summary>
/// <remarks>
/// f(x) = elu(x) + 1, greater than 0; output[i] = f(q_i) (sum over j of f(k_j) v_j^T) / (f(q_i) · sum over j of f(k_j)).
/// Takes padding and causal masks. No weights are formed: dropout drops keys instead, each for all queries of a head at once.
/// Source: Katharopoulos et al. 2020, section 3.2, equation 7.
/// </remarks>
/// <param name="blockSize">Causal: tokens of one block; at least 1.</param>
internal sealed class LinearAttention(int blockSize = 256) : IAttentionAlgorithm
{
    /// <exception cref="ArgumentException">Asked for what needs scores: weights, a temperature, another score or mask, positions that act on scores.</exception>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        inputs.RequireScoreAndMask();
        inputs.RequireNoScores("Linear");
        if (inputs.Score is not ScaledDotProductScore || inputs.Temperature != 1)
            throw new ArgumentException($"Linear attention has its own score, without temperature; got {inputs.Score.GetType().Name} and T = {inputs.Temperature}. Leave both at their defaults.");
        using var scope = NewDisposeScope();
        var (realKeys, causal) = KernelAttention.Split(inputs, "Linear");
        var (query, key) = (Features(inputs.Query), Features(inputs.Key));
        if (realKeys is not null) key = key.masked_fill(realKeys.logical_not(), Number(0));
        return KernelAttention.Attend(inputs, query, key, causal, blockSize);
    }

    private static Tensor Features(Tensor vectors) => vectors.elu(Number(1), Number(1), Number(1)).Plus(1);
}

/// <summary>Softmax attention estimated with positive random features, in time O(n); the error falls with the number of features.</summary>
/// <remarks>
/// f(x) = exp(w·x - |x|²/2) / sqrt(M) for M random vectors w ~ N(0, 1); the mean of f(q)·f(k) over the draws is exp(q·k).
/// The scaling of the score and the temperature go half into the queries, half into the keys. Takes padding and causal masks.
/// No weights are formed: dropout drops keys instead, each for all queries of a head at once. All keys of a head share one scaling
/// constant; under a causal mask, later keys reach earlier outputs through its rounding.
/// Source: Choromanski et al. 2021, lemma 1 and section 2.4 (orthogonal features).
/// </remarks>
/// <param name="features">Number M of random features; at least 1.</param>
/// <param name="orthogonal">Whether the random vectors are orthogonal to each other, which lowers the error.</param>
/// <param name="seed">Seed of the random vectors.</param>
/// <param name="blockSize">Causal: tokens of one block; at least 1.</param>
internal sealed class PerformerAttention(int features = 256, bool orthogonal = true, int seed = 1, int blockSize = 256) : IAttentionAlgorithm
{
    /// <exception cref="ArgumentException">Asked for what needs scores: weights, another score or mask, positions that act on scores.</exception>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        inputs.RequireScoreAndMask();
        inputs.RequireNoScores("Performer");
        using var scope = NewDisposeScope();
        var (realKeys, causal) = KernelAttention.Split(inputs, "Performer");
        var scale = Math.Sqrt(ScoreScale(inputs) / inputs.Temperature);
        var directions = RandomFeatures.Draw(features, (int)inputs.Query.shape[3], orthogonal, seed);
        var random = tensor(directions, dtype: inputs.Query.dtype, device: inputs.Query.device);
        var query = Exponents(inputs.Query * Number(scale), random);                             // [B,H,L,M]
        var key = Exponents(inputs.Key * Number(scale), random);                                 // [B,H,S,M]
        if (realKeys is not null) key = key.masked_fill(realKeys.logical_not(), Number(double.NegativeInfinity));
        query = Exponential(query, [-1]);
        key = Exponential(key, [-2, -1]);
        return KernelAttention.Attend(inputs, query, key, causal, blockSize);
    }

    /// <summary>w·x - |x|²/2 for vectors x [..,Dh] and random vectors w [M,Dh]; f(x) is its exponential over sqrt(M).</summary>
    internal static Tensor Exponents(Tensor vectors, Tensor random) =>
        vectors.matmul(random.t()) - vectors.pow(Number(2)).sum(-1, keepdim: true) / Number(2);

    /// <summary>The exponential, shifted so that the largest is 1: a factor common to all keys, or to one query, leaves the output as it is.</summary>
    private static Tensor Exponential(Tensor exponents, long[] together)
    {
        var largest = exponents.detach().amax(together, keepdim: true);
        return (exponents - largest.masked_fill(largest.isinf(), Number(0))).exp();
    }

    private static double ScoreScale(AttentionInputs inputs) => inputs.Score switch
    {
        ScaledDotProductScore => 1 / Math.Sqrt(inputs.Query.shape[3]),
        DotScore => 1,
        _ => throw new ArgumentException($"Performer attention estimates the exponential of a dot product; got {inputs.Score.GetType().Name}. Use the scaled or the plain dot product."),
    };
}
