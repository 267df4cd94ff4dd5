using MlAttention.Positions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>The forward and the backward pass of chunked attention, block by block.</summary>
internal sealed class AttentionChunks
{
    private readonly AttentionInputs _inputs;
    private readonly int _blockSize;
    private readonly long _dropoutSeed;

    public AttentionChunks(AttentionInputs inputs, int blockSize)
    {
        (_inputs, _blockSize) = (inputs, blockSize);
        Parameters =
        [
            .. inputs.Score.parameters(),
            .. inputs.Positions is { ActsOnScores: true } positions ? positions.parameters() : [],
        ];
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

    /// <returns>The gradients of query, key, value and each parameter; null where one has no influence.</returns>
    /// <remarks>
    /// With weights p = e^(s - lse) and dp the gradient of the weights: ds = p (dp - delta), delta = sum over the keys of p dp = do·o.
    /// </remarks>
    public Tensor?[] Backward(Tensor query, Tensor key, Tensor value, Tensor output, Tensor logSumExp, Tensor dOutput)
    {
        using var scope = NewDisposeScope();
        var (dQuery, dKey, dValue) = (zeros_like(query), zeros_like(key), zeros_like(value));
        var dParameters = new Tensor?[Parameters.Count];
        var delta = dOutput.mul(output).sum(-1, keepdim: true);                          // [B,H,L,1]
        foreach (var queries in Blocks(query))
        {
            foreach (var keys in Blocks(key))
            {
                if (_inputs.Mask?.BlocksAll(queries, keys) == true) continue;
                using var block = NewDisposeScope();
                var (q, k, v) = (Leaf(query.At(queries)), Leaf(key.At(keys)), Leaf(value.At(keys)));
                var scores = WithGradient(() => _inputs.BlockScores(q, k, queries, keys));
                var p = Leaf(Masked(scores.detach(), queries, keys).sub(logSumExp.At(queries)).exp());
                var sum = WithGradient(() => _inputs.BlockSum(Dropped(p, queries, keys), v, queries, keys));
                var dSum = Gradients(sum, [p, v, .. Parameters], dOutput.At(queries));
                var dScores = p.detach().mul(dSum[0]!.sub(delta.At(queries)));
                var dScore = Gradients(scores, [q, k, .. Parameters], dScores);
                dQuery.At(queries).add_(dScore[0]!);
                dKey.At(keys).add_(dScore[1]!);
                dValue.At(keys).add_(dSum[1]!);
                for (var i = 0; i < dParameters.Length; i++)
                {
                    dParameters[i] = Added(dParameters[i], dSum[i + 2]);
                    dParameters[i] = Added(dParameters[i], dScore[i + 2]);
                }
            }
        }
        Tensor?[] gradients = [dQuery, dKey, dValue, .. dParameters];
        foreach (var gradient in gradients) gradient?.MoveToOuterDisposeScope();
        return gradients;
    }

    private (Tensor Output, Tensor LogSumExp) ForwardQueries(Tensor query, PositionSpan queries, Tensor key, Tensor value)
    {
        using var scope = NewDisposeScope();
        long[] rows = query.shape[..3];
        var largest = full([.. rows, 1], double.NegativeInfinity, query.dtype, query.device);
        var total = zeros([.. rows, 1], query.dtype, query.device);
        var sum = zeros([.. rows, value.shape[3]], query.dtype, query.device);
        foreach (var keys in Blocks(key))
        {
            if (_inputs.Mask?.BlocksAll(queries, keys) == true) continue;
            using var block = NewDisposeScope();
            var scores = Masked(_inputs.BlockScores(query, key.At(keys), queries, keys), queries, keys);
            var newLargest = largest.maximum(scores.amax([-1], keepdim: true));
            var shift = newLargest.masked_fill(newLargest.isinf(), 0);                   // nothing allowed yet: any finite shift
            var p = scores.sub(shift).exp();
            var keep = largest.sub(shift).exp();
            total = total.mul(keep).add(p.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
            sum = sum.mul(keep).add(_inputs.BlockSum(Dropped(p, queries, keys), value.At(keys), queries, keys)).MoveToOuterDisposeScope();
            largest = newLargest.MoveToOuterDisposeScope();
        }
        var empty = total.eq(0);
        var output = sum.div(total.masked_fill(empty, 1));
        var logSumExp = largest.add(total.log()).masked_fill(empty, double.PositiveInfinity);
        return (output.MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope());
    }

    private IEnumerable<PositionSpan> Blocks(Tensor sequence) => AttentionDefinition.Blocks(sequence.shape[2], _blockSize);

    private Tensor Masked(Tensor scores, PositionSpan queries, PositionSpan keys) =>
        _inputs.BlockAllowed(queries, keys, scores.device) is { } allowed ? scores.masked_fill(allowed.logical_not(), double.NegativeInfinity) : scores;

    /// <summary>The same weights are dropped in both passes: each block draws from its own seed.</summary>
    private Tensor Dropped(Tensor weights, PositionSpan queries, PositionSpan keys)
    {
        if (_inputs.Dropout == 0) return weights;
        using var scope = NewDisposeScope();
        var block = queries.Start / _blockSize * 1_000_003 + keys.Start / _blockSize;
        using var generator = new Generator((ulong)(_dropoutSeed + block), CPU);
        var kept = rand(weights.shape, generator: generator).ge(_inputs.Dropout).to(weights.dtype, weights.device).div(1 - _inputs.Dropout);
        return weights.mul(kept).MoveToOuterDisposeScope();
    }

    private static long DrawSeed()
    {
        using var drawn = randint(int.MaxValue, new long[] { 1 }, ScalarType.Int64);
        return drawn.item<long>() << 31;
    }

    private static Tensor Leaf(Tensor tensor) => tensor.detach().requires_grad_();

    private static Tensor WithGradient(Func<Tensor> compute)
    {
        using var enabled = enable_grad();
        return compute();
    }

    private static Tensor?[] Gradients(Tensor of, IList<Tensor> by, Tensor dOf) =>
        [.. autograd.grad([of], by, [dOf], allow_unused: true).Select(DefinedGradient.OrNull)];

    private static Tensor? Added(Tensor? sum, Tensor? term)
    {
        if (term is null) return sum;
        if (sum is null) return term.MoveToOuterDisposeScope();
        sum.add_(term);
        return sum;
    }
}
