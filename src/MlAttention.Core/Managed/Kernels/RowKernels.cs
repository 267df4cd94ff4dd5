using System.Runtime.Intrinsics;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>Sums over single rows, in an order that is the same for vectors of every width: a head's scores do not change with the machine.</summary>
internal static unsafe class RowKernels
{
    /// <summary>x · y: sixteen sums take turns, and are added pairwise at the end.</summary>
    public static float Dot(float* x, float* y, int count)
    {
        Vector128<float> first = default, second = default, third = default, fourth = default;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            first += Vector128.Load(x + i) * Vector128.Load(y + i);
            second += Vector128.Load(x + i + 4) * Vector128.Load(y + i + 4);
            third += Vector128.Load(x + i + 8) * Vector128.Load(y + i + 8);
            fourth += Vector128.Load(x + i + 12) * Vector128.Load(y + i + 12);
        }
        var sums = (first + second) + (third + fourth);
        float sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (; i < count; i++) sum += x[i] * y[i];
        return sum;
    }

    /// <inheritdoc cref="Dot(float*, float*, int)"/>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        fixed (float* first = x, second = y) return Dot(first, second, Math.Min(x.Length, y.Length));
    }
}
