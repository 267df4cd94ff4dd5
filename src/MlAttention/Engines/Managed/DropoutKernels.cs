using System.Runtime.CompilerServices;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>Dropout on packed blocks, alone, with a residual sum and with an activation. Counts are in floats, multiples of 2 N.</summary>
internal static unsafe class DropoutKernels<T> where T : struct, ILanes<T>
{
    /// <summary>y = dropout(x), or x where dropout is off. The same call is the backward pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* x, long count, in Dropout dropout, int site, int index, float* y)
    {
        if (!dropout.IsOn)
        {
            if (x != y) Buffer.MemoryCopy(x, y, count * sizeof(float), count * sizeof(float));
            return;
        }
        RandomLanes<T> random = dropout.Stream<T>(site, index);
        T threshold = RandomLanes<T>.Threshold(dropout.Probability), scale = T.Create(dropout.KeepScale), zero = T.Create(0);
        for (float* end = x + count; x < end; x += 2 * T.Count, y += 2 * T.Count)
        {
            T bits = random.Next();
            T.Store(T.Select(RandomLanes<T>.IsDropped(bits, threshold), zero, T.Load(x) * scale), y);
            T.Store(T.Select(RandomLanes<T>.IsDropped(T.ShiftLeft(bits, 16), threshold), zero, T.Load(x + T.Count) * scale), y + T.Count);
        }
    }

    /// <summary>y = residual + dropout(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddResidual(float* residual, float* x, long count, in Dropout dropout, int site, int index, float* y)
    {
        if (!dropout.IsOn)
        {
            for (long i = 0; i < count; i += T.Count) T.Store(T.Load(residual + i) + T.Load(x + i), y + i);
            return;
        }
        RandomLanes<T> random = dropout.Stream<T>(site, index);
        T threshold = RandomLanes<T>.Threshold(dropout.Probability), scale = T.Create(dropout.KeepScale), zero = T.Create(0);
        for (float* end = x + count; x < end; x += 2 * T.Count, y += 2 * T.Count, residual += 2 * T.Count)
        {
            T bits = random.Next();
            T first = T.Select(RandomLanes<T>.IsDropped(bits, threshold), zero, scale);
            T second = T.Select(RandomLanes<T>.IsDropped(T.ShiftLeft(bits, 16), threshold), zero, scale);
            T.Store(T.MultiplyAdd(T.Load(x), first, T.Load(residual)), y);
            T.Store(T.MultiplyAdd(T.Load(x + T.Count), second, T.Load(residual + T.Count)), y + T.Count);
        }
    }
}
