using MlAttention.Encoders;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>Layer norm, activation, dropout and residual sums over blocks [feature][lane]; forward and backward side by side.</summary>
internal static unsafe class PointwiseKernels<T> where T : struct, ILanes<T>
{
    /// <summary>y = gain (x - mean) / sqrt(variance + epsilon) + bias over each token's features.</summary>
    /// <param name="x">[blocks][paddedWidth][N].</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="width">Real features; padded ones become 0.</param>
    /// <param name="paddedWidth">Features of a block.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="gain">[width].</param>
    /// <param name="bias">[width].</param>
    /// <param name="normalized">(x - mean) / sqrt(variance + epsilon), kept for the backward pass.</param>
    /// <param name="inverseDeviation">[blocks][N], kept for the backward pass.</param>
    /// <param name="y">The result; may be <paramref name="x"/>.</param>
    public static void LayerNorm(float* x, int blocks, int width, int paddedWidth, float epsilon, float* gain, float* bias, float* normalized, float* inverseDeviation, float* y)
    {
        int n = T.Count;
        T inverseWidth = T.Create(1f / width);
        for (int block = 0; block < blocks; block++)
        {
            nint offset = (nint)block * paddedWidth * n;
            float* input = x + offset, hat = normalized + offset, output = y + offset;
            T sum = T.Create(0), squares = T.Create(0);
            for (int i = 0; i < width; i++) sum += T.Load(input + i * n);
            T mean = sum * inverseWidth;
            for (int i = 0; i < width; i++)
            {
                T centred = T.Load(input + i * n) - mean;
                squares = T.MultiplyAdd(centred, centred, squares);
            }
            T inverse = T.Create(1) / T.Sqrt(T.MultiplyAdd(squares, inverseWidth, T.Create(epsilon)));
            T.Store(inverse, inverseDeviation + block * n);
            for (int i = 0; i < width; i++)
            {
                T value = (T.Load(input + i * n) - mean) * inverse;
                T.Store(value, hat + i * n);
                T.Store(T.MultiplyAdd(value, T.Create(gain[i]), T.Create(bias[i])), output + i * n);
            }
            for (int i = width; i < paddedWidth; i++) T.Store(T.Create(0), output + i * n);
        }
    }

    /// <summary>dx = (g - mean(g) - normalized mean(g normalized)) / deviation with g = gain dy; adds the gain's and the bias' gradients.</summary>
    public static void LayerNormBackward(float* dy, int blocks, int width, int paddedWidth, float* gain, float* normalized, float* inverseDeviation, float* gainGradient, float* biasGradient, float* dx, bool accumulate)
    {
        int n = T.Count;
        T inverseWidth = T.Create(1f / width);
        for (int block = 0; block < blocks; block++)
        {
            nint offset = (nint)block * paddedWidth * n;
            float* upstream = dy + offset, hat = normalized + offset, output = dx + offset;
            T sum = T.Create(0), projected = T.Create(0);
            for (int i = 0; i < width; i++)
            {
                T d = T.Load(upstream + i * n), h = T.Load(hat + i * n), g = d * T.Create(gain[i]);
                sum += g;
                projected = T.MultiplyAdd(g, h, projected);
                gainGradient[i] += T.Sum(d * h);
                biasGradient[i] += T.Sum(d);
            }
            T mean = sum * inverseWidth, slope = projected * inverseWidth, inverse = T.Load(inverseDeviation + block * n);
            for (int i = 0; i < width; i++)
            {
                T g = T.Load(upstream + i * n) * T.Create(gain[i]);
                T value = (g - mean - T.Load(hat + i * n) * slope) * inverse;
                T.Store(accumulate ? T.Load(output + i * n) + value : value, output + i * n);
            }
            if (!accumulate) for (int i = width; i < paddedWidth; i++) T.Store(T.Create(0), output + i * n);
        }
    }

    /// <summary>y = residual + dropout(x).</summary>
    public static void ResidualDropout(float* residual, float* x, long count, in Dropout dropout, int site, int index, float* y)
    {
        if (!dropout.IsOn)
        {
            for (long i = 0; i < count; i += T.Count) T.Store(T.Load(residual + i) + T.Load(x + i), y + i);
            return;
        }
        var random = new RandomLanes<T>(dropout.Key(site, index));
        T threshold = T.Create(dropout.Threshold), scale = T.Create(dropout.KeepScale);
        for (long i = 0; i < count; i += T.Count) T.Store(T.MultiplyAdd(T.Load(x + i), random.Keep(threshold, scale), T.Load(residual + i)), y + i);
    }

    /// <summary>y = dropout(x), or x where dropout is off. The same call is the backward pass.</summary>
    public static void Drop(float* x, long count, in Dropout dropout, int site, int index, float* y)
    {
        if (!dropout.IsOn)
        {
            if (x != y) Buffer.MemoryCopy(x, y, count * sizeof(float), count * sizeof(float));
            return;
        }
        var random = new RandomLanes<T>(dropout.Key(site, index));
        T threshold = T.Create(dropout.Threshold), scale = T.Create(dropout.KeepScale);
        for (long i = 0; i < count; i += T.Count) T.Store(T.Load(x + i) * random.Keep(threshold, scale), y + i);
    }

    /// <summary>y = activation(x).</summary>
    public static void Activate(ActivationKind activation, float* x, long count, float* y)
    {
        T zero = T.Create(0);
        if (activation == ActivationKind.Relu)
        {
            for (long i = 0; i < count; i += T.Count) T.Store(T.Max(T.Load(x + i), zero), y + i);
            return;
        }
        for (long i = 0; i < count; i += T.Count)
        {
            T value = T.Load(x + i);
            T.Store(value * LaneMath<T>.NormalCumulative(value, out _), y + i);
        }
    }

    /// <summary>dx = dy activation'(x), in place.</summary>
    public static void ActivateBackward(ActivationKind activation, float* x, long count, float* dy)
    {
        T zero = T.Create(0);
        for (long i = 0; i < count; i += T.Count)
        {
            T value = T.Load(x + i), d = T.Load(dy + i);
            if (activation == ActivationKind.Relu) d = T.Select(T.GreaterThan(value, zero), d, zero);
            else
            {
                T cumulative = LaneMath<T>.NormalCumulative(value, out T density);
                d *= T.MultiplyAdd(value, density, cumulative);
            }
            T.Store(d, dy + i);
        }
    }
}
