using MlAttention.Positions;
using TorchSharp.Modules;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>The forward and the backward pass of chunked attention, block by block.</summary>
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
        using var scope = NewDisposeScope();
        List<Tensor> outputs = [], logSumExps = [];
        foreach (var queries in Blocks(query))
        {
            var (output, logSumExp) = ForwardQueries(query.At(queries), queries, key, value);
            outputs.Add(output);
            logSumExps.Add(logSumExp);
        }
        return (cat(outputs, 2).MoveToOuterDisposeScope(), cat(logSumExps, 2).MoveToOuterDisposeScope());
    }

    /// <returns>The gradients of query, key, value and each parameter.</returns>
    public Tensor[] Backward(Tensor query, Tensor key, Tensor value, Tensor output, Tensor logSumExp, Tensor dOutput)
    {
        using var scope = NewDisposeScope();
        var (dQuery, dKey, dValue) = (zeros_like(query), zeros_like(key), zeros_like(value));
        var dParameters = new Dictionary<Parameter, Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in Parameters) dParameters.Add(parameter, zeros_like(parameter));
        var delta = dOutput.mul(output).sum(-1, keepdim: true);                          // [B,H,L,1]
        foreach (var queries in Blocks(query))
        {
            foreach (var keys in Blocks(key))
            {
                if (_inputs.Mask?.BlocksAll(queries, keys) == true) continue;
                using var block = NewDisposeScope();
                var (q, k) = (Leaf(query.At(queries)), Leaf(key.At(keys)));
                var scores = WithGradient(() => _inputs.BlockScores(q, k, queries, keys));
                var p = Masked(scores.detach(), queries, keys).sub(logSumExp.At(queries)).exp();
                var dWeights = BackwardSum(p, value.At(keys), dOutput.At(queries), dValue.At(keys), dParameters, queries, keys);
                var dScores = p.mul(dWeights.sub(delta.At(queries)));
                var dScore = Gradients(scores, [q, k, .. _ofScores], dScores);
                dQuery.At(queries).add_(dScore[0]!);
                dKey.At(keys).add_(dScore[1]!);
                Add(dScore[2..], _ofScores, dParameters);
            }
        }
        Tensor[] gradients = [dQuery, dKey, dValue, .. Parameters.Select(parameter => dParameters[parameter])];
        foreach (var gradient in gradients) gradient.MoveToOuterDisposeScope();
        return gradients;
    }

    /// <summary>Backward through dropout, weights · v and value bias of one block: adds to the value's and the parameters' gradients.</summary>
    /// <returns>The gradient of the weights before dropout.</returns>
    private Tensor BackwardSum(Tensor weights, Tensor value, Tensor dOutput, Tensor dValue, Dictionary<Parameter, Tensor> dParameters, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope();
        var kept = Kept(weights, queries, keys);
        var dropped = kept is null ? weights : weights.mul(kept);
        dValue.add_(dropped.transpose(-2, -1).matmul(dOutput));
        var dWeights = dOutput.matmul(value.transpose(-2, -1));
        if (_inputs.Positions is { ActsOnValues: true } positions)
        {
            dropped = Leaf(dropped);
            if (WithGradient(() => positions.ValueBias(dropped, queries, keys)) is { } bias)
            {
                var dBias = Gradients(bias, [dropped, .. _ofValues], dOutput);
                dWeights = dWeights.add(dBias[0]!);
                Add(dBias[1..], _ofValues, dParameters);
            }
        }
        return (kept is null ? dWeights : dWeights.mul(kept)).MoveToOuterDisposeScope();
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
            var p = scores.sub(shift).exp();
            var keep = largest.sub(shift).exp();
            total = total.mul(keep).add(p.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
            sum = sum.mul(keep).add(_inputs.BlockSum(Dropped(p, queries, keys), value.At(keys), queries, keys)).MoveToOuterDisposeScope();
            largest = newLargest.MoveToOuterDisposeScope();
        }
        var empty = total.eq(Number(0));
        var output = sum.div(total.masked_fill(empty, Number(1)));
        var logSumExp = largest.add(total.log()).masked_fill(empty, Number(double.PositiveInfinity));
        return (output.MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope());
    }

    private IEnumerable<PositionSpan> Blocks(Tensor sequence) => AttentionDefinition.Blocks(sequence.shape[2], _blockSize);

    private Tensor Masked(Tensor scores, PositionSpan queries, PositionSpan keys) =>
        _inputs.BlockAllowed(queries, keys, scores.device) is { } allowed ? scores.masked_fill(allowed.logical_not(), Number(double.NegativeInfinity)) : scores;

    private Tensor Dropped(Tensor weights, PositionSpan queries, PositionSpan keys) =>
        Kept(weights, queries, keys) is { } kept ? weights.mul(kept) : weights;

    /// <summary>1 / (1 - dropout) or 0 for each weight, null without dropout. The same in both passes: each block draws from its own seed.</summary>
    private Tensor? Kept(Tensor weights, PositionSpan queries, PositionSpan keys)
    {
        if (_inputs.Dropout == 0) return null;
        using var scope = NewDisposeScope();
        var block = queries.Start / _blockSize * 1_000_003 + keys.Start / _blockSize;
        using var generator = new Generator((ulong)(_dropoutSeed + block), CPU);
        return rand(weights.shape, generator: generator).ge(Number(_inputs.Dropout)).to(weights.dtype, weights.device).div(Number(1 - _inputs.Dropout)).MoveToOuterDisposeScope();
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

    private static Tensor?[] Gradients(Tensor of, IList<Tensor> by, Tensor dOf) =>
        [.. autograd.grad([of], by, [dOf], allow_unused: true).Select(DefinedGradient.OrNull)];

    /// <summary>Adds gradients, where there are any, to their sums.</summary>
    private static void Add(Tensor?[] terms, Parameter[] parameters, Dictionary<Parameter, Tensor> sums)
    {
        foreach (var (term, parameter) in terms.Zip(parameters))
            if (term is not null) sums[parameter].add_(term);
    }
}
