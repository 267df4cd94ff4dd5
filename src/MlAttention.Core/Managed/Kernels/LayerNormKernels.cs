namespace MlAttention.Core.Managed.Kernels;

/// <summary>Layer norm over the features of each token, forward and backward, on packed blocks [feature][N].</summary>
internal static unsafe class LayerNormKernels<T> where T : struct, ILanes<T>
{
    /// <summary>normalized = (x - mean) / sqrt(variance + epsilon); y = gain normalized + bias, 0 for padded features.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="x">[blocks][paddedWidth][N].</param>
    /// <param name="y">[blocks][paddedWidth][N]; may be <paramref name="x"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in LayerNorm norm, float* x, float* y)
    {
        int blocks = norm.Blocks, width = norm.Width;
        float* gain = norm.Gain, bias = norm.Bias, normalized = norm.Normalized, inverseDeviation = norm.InverseDeviation;
        T epsilon = T.Create(norm.Epsilon);
        nint stride = (nint)norm.PaddedWidth * T.Count, end = (nint)width * T.Count;
        T inverseWidth = T.Create(1f / width);
        for (int block = 0; block < blocks; block++, x += stride, normalized += stride, inverseDeviation += T.Count, y += stride)
        {
            // 1. Mean.
            T even = T.Create(0), odd = T.Create(0);
            nint i = 0;
            for (; i < end - T.Count; i += 2 * T.Count)
            {
                even += T.Load(x + i);
                odd += T.Load(x + i + T.Count);
            }
            if (i < end) even += T.Load(x + i);
            T mean = (even + odd) * inverseWidth;

            // 2. Variance.
            even = odd = T.Create(0);
            for (i = 0; i < end - T.Count; i += 2 * T.Count)
            {
                T first = T.Load(x + i) - mean, second = T.Load(x + i + T.Count) - mean;
                even = T.MultiplyAdd(first, first, even);
                odd = T.MultiplyAdd(second, second, odd);
            }
            if (i < end) even = T.MultiplyAdd(T.Load(x + i) - mean, T.Load(x + i) - mean, even);
            T inverse = T.Create(1) / T.Sqrt(T.MultiplyAdd(even + odd, inverseWidth, epsilon));
            T.Store(inverse, inverseDeviation);

            // 3. Result.
            i = 0;
            for (int feature = 0; feature < width; feature++, i += T.Count)
            {
                T value = (T.Load(x + i) - mean) * inverse;
                T.Store(value, normalized + i);
                T.Store(T.MultiplyAdd(value, T.Create(gain[feature]), T.Create(bias[feature])), y + i);
            }
            for (; i < stride; i += T.Count) T.Store(T.Create(0), y + i);
        }
    }

    /// <summary>
    /// dx = (g - mean(g) - normalized mean(g normalized)) / deviation with g = gain dy; adds dy normalized and dy to the gradients of
    /// gain and bias.
    /// </summary>
    /// <param name="norm">The norm, with what its forward pass kept.</param>
    /// <param name="dy">[blocks][paddedWidth][N], zero in lanes without a token.</param>
    /// <param name="gradient">[2][width][N]: of gain and of bias, lane by lane.</param>
    /// <param name="dx">[blocks][paddedWidth][N]; may be <paramref name="dy"/>.</param>
    /// <param name="accumulate">Add to what dx holds, instead of replacing it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(in LayerNorm norm, float* dy, float* gradient, float* dx, bool accumulate)
    {
        int blocks = norm.Blocks, width = norm.Width;
        float* gain = norm.Gain, normalized = norm.Normalized, inverseDeviation = norm.InverseDeviation;
        nint stride = (nint)norm.PaddedWidth * T.Count;
        float* dGain = gradient, dBias = gradient + (nint)width * T.Count;
        T inverseWidth = T.Create(1f / width);
        for (int block = 0; block < blocks; block++, dy += stride, normalized += stride, inverseDeviation += T.Count, dx += stride)
        {
            // 1. The two means, and the gradients of gain and bias.
            T sum = T.Create(0), projected = T.Create(0);
            nint i = 0;
            for (int feature = 0; feature < width; feature++, i += T.Count)
            {
                T d = T.Load(dy + i), hat = T.Load(normalized + i), product = d * hat, factor = T.Create(gain[feature]);
                sum = T.MultiplyAdd(d, factor, sum);
                projected = T.MultiplyAdd(product, factor, projected);
                T.Store(T.Load(dGain + i) + product, dGain + i);
                T.Store(T.Load(dBias + i) + d, dBias + i);
            }

            // 2. dx.
            T inverse = T.Load(inverseDeviation), mean = sum * inverseWidth * inverse, slope = projected * inverseWidth * inverse;
            i = 0;
            for (int feature = 0; feature < width; feature++, i += T.Count)
            {
                T value = T.Load(dy + i) * (T.Create(gain[feature]) * inverse) - T.MultiplyAdd(T.Load(normalized + i), slope, mean);
                T.Store(accumulate ? T.Load(dx + i) + value : value, dx + i);
            }
            for (; i < stride && !accumulate; i += T.Count) T.Store(T.Create(0), dx + i);
        }
    }
}

/// <summary>A layer norm over blocks of tokens: its sizes and weights, and what its forward pass keeps for its backward pass.</summary>
internal unsafe struct LayerNorm
{
    public required int Blocks;

    /// <summary>Real features, and features of a block.</summary>
    public required int Width, PaddedWidth;

    /// <summary>Added to the variance.</summary>
    public required float Epsilon;

    /// <summary>[width].</summary>
    public required float* Gain, Bias;

    /// <summary>[blocks][paddedWidth][N], kept for the backward pass.</summary>
    public required float* Normalized;

    /// <summary>[blocks][N], kept for the backward pass.</summary>
    public required float* InverseDeviation;
}
