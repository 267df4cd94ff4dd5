namespace MlAttention.Torch.Attention;

/// <summary>Blocks of queries and keys with a running softmax: exact, and the extra memory is O(n), forward and backward.</summary>
/// <remarks>
/// For each block of queries, over the blocks of keys: m' = max(m, max s); l' = l e^(m-m') + sum e^(s-m'); o' = o e^(m-m') + e^(s-m') v;
/// at the end output = o / l. The backward pass computes each block again from log-sum-exp = m + log l, which it keeps instead of the weights:
/// with p = e^(s - lse): dv = p^T do; dp = do v^T; ds = p (dp - delta), delta = sum over the keys of p dp = do·o.
/// Works with every score, mask and position scheme. Source: Rabe and Staats 2021, section 3; Dao et al. 2022, algorithms 1 and 4.
/// </remarks>
/// <param name="blockSize">Queries and keys of one block; at least 1.</param>
internal sealed class ChunkedAttention(int blockSize = 256) : IAttentionAlgorithm
{
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <remarks>Who asks for the weights [B,H,L,S] asks for the whole matrix, and gets it as <see cref="FullAttention"/> computes it.</remarks>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        inputs.RequireScoreAndMask();
        if (inputs.ReturnWeights) return new FullAttention().Attend(inputs);
        using var scope = NewDisposeScope();
        var chunks = new AttentionChunks(inputs, blockSize);
        object[] arguments = [chunks, inputs.Query, inputs.Key, inputs.Value, .. chunks.Parameters];
        return new AttentionResult(ChunkedAttentionFunction.apply(arguments).MoveToOuterDisposeScope(), null);
    }
}

/// <summary>
/// Chunked attention as one node of autograd. Arguments: the chunks, query, key, value, then the parameters of score and positions.
/// It keeps query, key, value, output [B,H,L,Dv] and log-sum-exp [B,H,L,1].
/// </summary>
internal sealed class ChunkedAttentionFunction : autograd.SingleTensorFunction<ChunkedAttentionFunction>
{
    private const string Chunks = "chunks";

    public override string Name => nameof(ChunkedAttentionFunction);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var chunks = (AttentionChunks)vars[0];
        var (query, key, value) = ((Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (output, logSumExp) = chunks.Forward(query, key, value);
        ctx.save_data(Chunks, chunks);
        ctx.save_for_backward([query, key, value, output.detach().MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope()]);
        return output.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var chunks = (AttentionChunks)ctx.get_data(Chunks);
        var saved = ctx.get_saved_variables();
        return [null!, .. chunks.Backward(saved[0], saved[1], saved[2], saved[3], saved[4], grad_output).Select(gradient => gradient.MoveToOuterDisposeScope())];
    }
}

/// <summary>The forward and the backward pass of chunked attention, block by block; both need an open dispose scope.</summary>
internal sealed class AttentionChunks
{
    private readonly AttentionInputs _inputs;
    private readonly int _blockSize;
    private readonly long _dropoutSeed;
    private readonly Parameter[] _ofScores, _ofValues = [];

    public AttentionChunks(AttentionInputs inputs, int blockSize)
    {
        (_inputs, _blockSize) = (inputs, blockSize);
        if (inputs.Positions is { ActsOnScores: true } positions) (_ofScores, _ofValues) = ([.. inputs.Score.parameters(), .. positions.ScoreParameters], [.. positions.ValueParameters]);
        else _ofScores = [.. inputs.Score.parameters()];
        Parameters = [.. _ofScores.Union(_ofValues, ReferenceEqualityComparer.Instance).Cast<Parameter>()];
        if (inputs.Dropout > 0) _dropoutSeed = DrawSeed();
    }

    /// <summary>The trained parameters that the scores and the value bias depend on.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <returns>Output [B,H,L,Dv] and log-sum-exp of the scores [B,H,L,1], +inf for a query that may attend to nothing.</returns>
    public (Tensor Output, Tensor LogSumExp) Forward(Tensor query, Tensor key, Tensor value)
    {
        List<Tensor> outputs = [], logSumExps = [];
        foreach (var queries in Blocks(query))
        {
            var (output, logSumExp) = ForwardQueries(query.At(queries), queries, key, value);
            outputs.Add(output);
            logSumExps.Add(logSumExp);
        }
        return (cat(outputs, 2), cat(logSumExps, 2));
    }

    /// <returns>The gradients of query, key, value and each parameter.</returns>
    public Tensor[] Backward(Tensor query, Tensor key, Tensor value, Tensor output, Tensor logSumExp, Tensor dOutput)
    {
        var (dQuery, dKey, dValue) = (zeros_like(query), zeros_like(key), zeros_like(value));
        var dParameters = new Dictionary<Parameter, Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in Parameters) dParameters.Add(parameter, zeros_like(parameter));
        var delta = (dOutput * output).sum(-1, keepdim: true);                           // [B,H,L,1]
        foreach (var queries in Blocks(query))
        {
            foreach (var keys in Blocks(key))
            {
                if (_inputs.Mask?.BlocksAll(queries, keys) == true) continue;
                using var block = NewDisposeScope();
                var (q, k) = (Leaf(query.At(queries)), Leaf(key.At(keys)));
                var scores = WithGradient(() => _inputs.BlockScores(q, k, queries, keys));
                var p = (Masked(scores.detach(), queries, keys) - logSumExp.At(queries)).exp();
                var dWeights = BackwardSum(p, value.At(keys), dOutput.At(queries), dValue.At(keys), dParameters, queries, keys);
                var dScores = p * (dWeights - delta.At(queries));
                var dScore = Gradients.Of(scores, [q, k, .. _ofScores], dScores);
                dQuery.At(queries).Add(dScore[0]!);
                dKey.At(keys).Add(dScore[1]!);
                Add(dScore[2..], _ofScores, dParameters);
            }
        }
        return [dQuery, dKey, dValue, .. Parameters.Select(parameter => dParameters[parameter])];
    }

    /// <summary>Backward through dropout, weights · v and value bias of one block: adds to the value's and the parameters' gradients.</summary>
    /// <returns>The gradient of the weights before dropout.</returns>
    private Tensor BackwardSum(Tensor weights, Tensor value, Tensor dOutput, Tensor dValue, Dictionary<Parameter, Tensor> dParameters, PositionSpan queries, PositionSpan keys)
    {
        var kept = Kept(weights, queries, keys);
        var dropped = kept is null ? weights : weights * kept;
        dValue.Add(dropped.transpose(-2, -1).matmul(dOutput));
        var dWeights = dOutput.matmul(value.transpose(-2, -1));
        if (_inputs.Positions is { ActsOnValues: true } positions)
        {
            dropped = Leaf(dropped);
            if (WithGradient(() => positions.ValueBias(dropped, queries, keys)) is { } bias)
            {
                var dBias = Gradients.Of(bias, [dropped, .. _ofValues], dOutput);
                dWeights = dWeights.Plus(dBias[0]!);
                Add(dBias[1..], _ofValues, dParameters);
            }
        }
        return kept is null ? dWeights : dWeights * kept;
    }

    private (Tensor Output, Tensor LogSumExp) ForwardQueries(Tensor query, PositionSpan queries, Tensor key, Tensor value)
    {
        using var scope = NewDisposeScope();
        long[] rows = query.shape[..3];
        var largest = full([.. rows, 1], Number(double.NegativeInfinity), query.dtype, query.device);
        var total = zeros([.. rows, 1], query.dtype, query.device);
        var sum = zeros([.. rows, value.shape[3]], query.dtype, query.device);
        foreach (var keys in Blocks(key))
        {
            if (_inputs.Mask?.BlocksAll(queries, keys) == true) continue;
            using var block = NewDisposeScope();
            var scores = Masked(_inputs.BlockScores(query, key.At(keys), queries, keys), queries, keys);
            var newLargest = largest.maximum(scores.amax([-1], keepdim: true));
            var shift = newLargest.masked_fill(newLargest.isinf(), Number(0));                   // nothing allowed yet: any finite shift
            var p = (scores - shift).exp();
            var keep = (largest - shift).exp();
            total = (total * keep).Plus(p.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
            sum = (sum * keep).Plus(_inputs.BlockSum(Dropped(p, queries, keys), value.At(keys), queries, keys)).MoveToOuterDisposeScope();
            largest = newLargest.MoveToOuterDisposeScope();
        }
        var empty = total.eq(Number(0));
        var output = sum / total.masked_fill(empty, Number(1));
        var logSumExp = largest.Plus(total.log()).masked_fill(empty, Number(double.PositiveInfinity));
        return (output.MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope());
    }

    private IEnumerable<PositionSpan> Blocks(Tensor sequence) => SequenceBlocks.Spans(sequence.shape[2], _blockSize);

    private Tensor Masked(Tensor scores, PositionSpan queries, PositionSpan keys) =>
        _inputs.BlockAllowed(queries, keys, scores.device) is { } allowed ? scores.masked_fill(allowed.logical_not(), Number(double.NegativeInfinity)) : scores;

    private Tensor Dropped(Tensor weights, PositionSpan queries, PositionSpan keys) =>
        Kept(weights, queries, keys) is { } kept ? weights * kept : weights;

    /// <summary>1 / (1 - dropout) or 0 for each weight, null without dropout. The same in both passes: each block draws from its own seed.</summary>
    private Tensor? Kept(Tensor weights, PositionSpan queries, PositionSpan keys)
    {
        if (_inputs.Dropout == 0) return null;
        var block = queries.Start / _blockSize * 1_000_003 + keys.Start / _blockSize;
        using var generator = new Generator((ulong)(_dropoutSeed + block), CPU);
        return rand(weights.shape, generator: generator).ge(Number(_inputs.Dropout)).to(weights.dtype, weights.device) / Number(1 - _inputs.Dropout);
    }

    private static long DrawSeed()
    {
        using var drawn = randint(int.MaxValue, new long[] { 1 }, ScalarType.Int64);
        return drawn.item<long>() << 31;
    }

    private static Tensor Leaf(Tensor tensor) => tensor.detach().requires_grad_();

    private static T WithGradient<T>(Func<T> compute)
    {
        using var enabled = enable_grad();
        return compute();
    }

    /// <summary>Adds gradients, where there are any, to their sums.</summary>
    private static void Add(Tensor?[] terms, Parameter[] parameters, Dictionary<Parameter, Tensor> sums)
    {
        foreach (var (term, parameter) in terms.Zip(parameters))
            if (term is not null) sums[parameter].Add(term);
    }
}
