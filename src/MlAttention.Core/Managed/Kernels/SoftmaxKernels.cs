namespace MlAttention.Core.Managed.Kernels;

/// <summary>
/// Softmax over keys, its dropout and its gradient, on a strip of scores [rows][N]: row j belongs to key j, lane i to query i.
/// Rows come in multiples of N; those behind the last key hold minus infinity. Weights stay unnormalized, e^(score - largest):
/// what is summed with them is divided by their sum once, at the end.
/// </summary>
internal static unsafe class SoftmaxKernels<T> where T : struct, ILanes<T>
{
    /// <summary>Below every score of a key that may be attended, so that a query without any key has weights 0.</summary>
    private const float Lowest = -1e30f;

    /// <summary>Each lane's largest score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Largest(float* scores, int rows)
    {
        T even = T.Create(Lowest), odd = even;
        for (float* end = scores + rows * T.Count; scores < end; scores += 2 * T.Count)
        {
            even = T.Max(even, T.Load(scores));
            odd = T.Max(odd, T.Load(scores + T.Count));
        }
        return T.Max(even, odd);
    }

    /// <summary>scores := e^(scores - largest).</summary>
    /// <returns>Each lane's sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Exponentials(float* scores, int rows, T largest)
    {
        T even = T.Create(0), odd = even;
        for (float* end = scores + rows * T.Count; scores < end; scores += 2 * T.Count)
        {
            T first = LaneMath<T>.Exp(T.Load(scores) - largest), second = LaneMath<T>.Exp(T.Load(scores + T.Count) - largest);
            T.Store(first, scores);
            T.Store(second, scores + T.Count);
            even += first;
            odd += second;
        }
        return even + odd;
    }

    /// <summary>
    /// As <see cref="Exponentials"/>, with dropout: the sign of what it drops is set, the sums count it all the same;
    /// kept := the others, 0 where it drops.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T DroppedExponentials(float* scores, int rows, T largest, float probability, ref RandomLanes<T> random, float* kept)
    {
        RandomLanes<T> stream = random;
        T threshold = RandomLanes<T>.Threshold(probability), sign = T.CreateBits(0x80000000), zero = T.Create(0);
        T even = zero, odd = zero;
        for (float* end = scores + rows * T.Count; scores < end; scores += 2 * T.Count, kept += 2 * T.Count)
        {
            T first = LaneMath<T>.Exp(T.Load(scores) - largest), second = LaneMath<T>.Exp(T.Load(scores + T.Count) - largest);
            even += first;
            odd += second;
            T bits = stream.Next();
            T dropsFirst = RandomLanes<T>.IsDropped(bits, threshold), dropsSecond = RandomLanes<T>.IsDropped(T.ShiftLeft(bits, 16), threshold);
            T.Store(T.Select(dropsFirst, zero, first), kept);
            T.Store(T.Select(dropsSecond, zero, second), kept + T.Count);
            T.Store(T.Xor(first, T.And(dropsFirst, sign)), scores);
            T.Store(T.Xor(second, T.And(dropsSecond, sign)), scores + T.Count);
        }
        random = stream;
        return even + odd;
    }

    /// <summary>dWeights := dScores = weights (dWeights - delta), without dropout.</summary>
    /// <param name="weights">Unnormalized.</param>
    /// <param name="dWeights">The gradient of the weights over their sum.</param>
    /// <param name="rows">Rows of both strips.</param>
    /// <param name="delta">Each lane's sum of weights dWeights over the sum of weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* weights, float* dWeights, int rows, T delta)
    {
        for (float* end = weights + rows * T.Count; weights < end; weights += 2 * T.Count, dWeights += 2 * T.Count)
        {
            T.Store(T.Load(weights) * (T.Load(dWeights) - delta), dWeights);
            T.Store(T.Load(weights + T.Count) * (T.Load(dWeights + T.Count) - delta), dWeights + T.Count);
        }
    }

    /// <summary>
    /// As <see cref="Backward"/>, with dropout: weights carry the sign of <see cref="DroppedExponentials"/>, dropped ones get no
    /// gradient from dWeights; kept := what was kept of them, and may be weights.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardDropped(float* weights, float* dWeights, int rows, T delta, float* kept)
    {
        T zero = T.Create(0);
        for (float* end = weights + rows * T.Count; weights < end; weights += T.Count, dWeights += T.Count, kept += T.Count)
        {
            T weight = T.Load(weights);
            T dWeight = T.Select(T.GreaterThan(weight, zero), T.Load(dWeights), zero);
            T.Store(T.Abs(weight) * (dWeight - delta), dWeights);
            T.Store(T.Max(weight, zero), kept);
        }
    }
}
