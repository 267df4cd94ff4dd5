namespace MlAttention.Core.Managed.Kernels;

/// <summary>The feed-forward network's activation with its dropout, on packed blocks. Counts are in floats, multiples of 2 N.</summary>
internal static unsafe class ActivationKernels<T> where T : struct, ILanes<T>
{
    /// <summary>Whether the backward pass needs x; without it y may be x.</summary>
    public static bool NeedsInput(ActivationKind activation) => activation != ActivationKind.Relu;

    /// <summary>y = dropout(activation(x)).</summary>
    public static void Forward(ActivationKind activation, float* x, long count, in Dropout dropout, int index, float* y)
    {
        if (activation == ActivationKind.Relu) Relu(x, count, y);
        else if (activation == ActivationKind.GeluTanh) GeluTanh(x, count, y);
        else Gelu(x, count, y);
        DropoutKernels<T>.Apply(y, count, dropout, DropoutSite.Hidden, index, y);
    }

    /// <summary>dx = activation'(x) dropout(dy), in place.</summary>
    public static void Backward(ActivationKind activation, float* x, float* y, long count, in Dropout dropout, int index, float* dy)
    {
        if (activation == ActivationKind.Relu)
        {
            ReluBackward(y, count, dropout.IsOn ? dropout.KeepScale : 1, dy);
            return;
        }
        DropoutKernels<T>.Apply(dy, count, dropout, DropoutSite.Hidden, index, dy);
        if (activation == ActivationKind.GeluTanh) GeluTanhBackward(x, count, dy);
        else GeluBackward(x, count, dy);
    }

    /// <summary>y = max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Relu(float* x, long count, float* y)
    {
        T zero = T.Create(0);
        for (long i = 0; i < count; i += T.Count) T.Store(T.Max(T.Load(x + i), zero), y + i);
    }

    /// <summary>dy := scale dy where y &gt; 0, else 0: y is 0 where x was negative and where dropout dropped it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ReluBackward(float* y, long count, float scale, float* dy)
    {
        T zero = T.Create(0), factor = T.Create(scale);
        for (long i = 0; i < count; i += T.Count) T.Store(T.Select(T.GreaterThan(T.Load(y + i), zero), T.Load(dy + i) * factor, zero), dy + i);
    }

    /// <summary>y = x Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Gelu(float* x, long count, float* y)
    {
        for (long i = 0; i < count; i += T.Count)
        {
            T value = T.Load(x + i);
            T.Store(value * LaneMath<T>.NormalCumulative(value, out _), y + i);
        }
    }

    /// <summary>dy := (Φ(x) + x φ(x)) dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GeluBackward(float* x, long count, float* dy)
    {
        for (long i = 0; i < count; i += T.Count)
        {
            T value = T.Load(x + i), cumulative = LaneMath<T>.NormalCumulative(value, out T density);
            T.Store(T.Load(dy + i) * T.MultiplyAdd(value, density, cumulative), dy + i);
        }
    }

    /// <summary>y = x s, s = (1 + tanh(u)) / 2 = 1 / (1 + e^(-2u)), u = sqrt(2/π) (x + 0.044715 x³).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GeluTanh(float* x, long count, float* y)
    {
        for (long i = 0; i < count; i += T.Count)
        {
            T value = T.Load(x + i);
            T.Store(value * LaneMath<T>.Sigmoid(TwiceInner(value, out _)), y + i);
        }
    }

    /// <summary>dy := (s + x s (1 - s) 2u') dy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GeluTanhBackward(float* x, long count, float* dy)
    {
        for (long i = 0; i < count; i += T.Count)
        {
            T value = T.Load(x + i), share = LaneMath<T>.Sigmoid(TwiceInner(value, out T slope));
            T.Store(T.Load(dy + i) * T.MultiplyAdd(value * slope, share * (T.Create(1) - share), share), dy + i);
        }
    }

    /// <summary>2u and its derivative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T TwiceInner(T x, out T slope)
    {
        const float Linear = 1.59576912f, Cubic = Linear * 0.044715f;    // 2 sqrt(2/π)
        T square = x * x;
        slope = T.MultiplyAdd(square, T.Create(3 * Cubic), T.Create(Linear));
        return x * T.MultiplyAdd(square, T.Create(Cubic), T.Create(Linear));
    }
}
