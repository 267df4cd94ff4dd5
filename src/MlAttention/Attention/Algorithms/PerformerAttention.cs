using MlAttention.Attention.Scores;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Softmax attention estimated with positive random features, in time O(n); the error falls with the number of features.</summary>
/// <remarks>
/// f(x) = exp(w·x - |x|²/2) / sqrt(M) for M random vectors w ~ N(0, 1); the mean of f(q)·f(k) over the draws is exp(q·k).
/// The scaling of the score and the temperature go half into the queries, half into the keys. Takes padding and causal masks.
/// No weights are formed: dropout drops keys instead, each for all queries of a head at once. All keys of a head share one scaling
/// constant; under a causal mask, later keys reach earlier outputs through its rounding.
/// Source: Choromanski et al. 2021, lemma 1 and section 2.4 (orthogonal features).
/// </remarks>
public sealed class PerformerAttention : IAttentionAlgorithm
{
    private readonly int _features;
    private readonly bool _orthogonal;
    private readonly int _seed;
    private readonly int _blockSize;

    /// <summary>Creates the algorithm.</summary>
    /// <param name="features">Number M of random features; at least 1.</param>
    /// <param name="orthogonal">Whether the random vectors are orthogonal to each other, which lowers the error.</param>
    /// <param name="seed">Seed of the random vectors.</param>
    /// <param name="blockSize">Causal: tokens of one block; at least 1.</param>
    public PerformerAttention(int features = 256, bool orthogonal = true, int seed = 1, int blockSize = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        (_features, _orthogonal, _seed, _blockSize) = (features, orthogonal, seed, blockSize);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Asked for what needs scores: weights, another score or mask, positions that act on scores.</exception>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        AttentionShapes.Require(inputs);
        inputs.RequireNoScores("Performer");
        using var scope = NewDisposeScope();
        var (realKeys, causal) = KernelAttention.Split(inputs, "Performer");
        var scale = Math.Sqrt(ScoreScale(inputs) / inputs.Temperature);
        var directions = RandomFeatures.Draw(_features, (int)inputs.Query.shape[3], _orthogonal, _seed);
        var random = tensor(directions, dtype: inputs.Query.dtype, device: inputs.Query.device);
        var query = Exponents(inputs.Query.mul(Number(scale)), random);                          // [B,H,L,M]
        var key = Exponents(inputs.Key.mul(Number(scale)), random);                              // [B,H,S,M]
        if (realKeys is not null) key = key.masked_fill(realKeys.logical_not(), Number(double.NegativeInfinity));
        query = Exponential(query, [-1]);
        key = Exponential(key, [-2, -1]);
        var value = KernelAttention.Dropped(inputs);
        var output = causal
            ? KernelAttention.Causal(query, key, value, _blockSize)
            : KernelAttention.Bidirectional(query, key, value);
        return new AttentionResult(output.MoveToOuterDisposeScope(), null);
    }

    /// <summary>w·x - |x|²/2 for vectors x [..,Dh] and random vectors w [M,Dh]; f(x) is its exponential over sqrt(M).</summary>
    internal static Tensor Exponents(Tensor vectors, Tensor random) =>
        vectors.matmul(random.t()).sub(vectors.pow(Number(2)).sum(-1, keepdim: true).div(Number(2)));

    /// <summary>The exponential, shifted so that the largest is 1: a factor common to all keys, or to one query, leaves the output as it is.</summary>
    private static Tensor Exponential(Tensor exponents, long[] together)
    {
        var largest = exponents.detach().amax(together, keepdim: true);
        return exponents.sub(largest.masked_fill(largest.isinf(), Number(0))).exp();
    }

    private static double ScoreScale(AttentionInputs inputs) => inputs.Score switch
    {
        ScaledDotProductScore => 1 / Math.Sqrt(inputs.Query.shape[3]),
        DotScore => 1,
        _ => throw new ArgumentException($"Performer attention estimates the exponential of a dot product; got {inputs.Score.GetType().Name}. Use the scaled or the plain dot product."),
    };
}
