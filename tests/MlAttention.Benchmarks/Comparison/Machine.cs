using System.Globalization;
using System.Runtime.CompilerServices;
using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>What runs the measurements, and how fast it can be at best.</summary>
internal static unsafe class Machine
{
    /// <summary>Processor, vectors and versions, with the speed of libtorch's matrix product.</summary>
    /// <param name="productSpeed">GFLOP/s of a 512x512 product.</param>
    public static string Describe(double productSpeed)
    {
        var environment = RunEnvironment.Current();
        return FormattableString.Invariant($"{environment.Processor}, {environment.Cores} logical processors, {environment.Vectors} vectors; {environment.Runtime}; {environment.Libraries}; {productSpeed:F0} GFLOP/s for libtorch's {LibTorchProduct.Size}x{LibTorchProduct.Size} product on one thread");
    }

    /// <summary>Now, as groups write it.</summary>
    public static string Time() => DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Multiply-adds of independent registers on one thread, in GFLOP/s.</summary>
    public static double MultiplyAddPeak() => LaneWidth.Chosen switch
    {
        512 => MultiplyAddPeak<Lanes512>(),
        256 => MultiplyAddPeak<Lanes256>(),
        _ => MultiplyAddPeak<Lanes128>(),
    };

    /// <summary>Bytes copied from one large buffer to another, read and written, on one thread, in GB/s.</summary>
    public static double CopyBandwidth()
    {
        const long Length = 1 << 26;
        using NativeBuffer source = new(Length), target = new(Length);
        var time = Stopwatches.Milliseconds(() => Buffer.MemoryCopy(source.Start, target.Start, Length * sizeof(float), Length * sizeof(float)), 9, 2);
        return 2.0 * Length * sizeof(float) / time / 1e6;
    }

    private static double MultiplyAddPeak<T>() where T : struct, ILanes<T>
    {
        const int Rounds = 1_000_000, Registers = 12;
        var milliseconds = Stopwatches.Milliseconds(() => MultiplyAdds<T>(Rounds), 12, 2);
        return 2.0 * Rounds * Registers * T.Count / milliseconds / 1e6;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdds<T>(int rounds) where T : struct, ILanes<T>
    {
        T factor = T.Create(0.999f), addend = T.Create(1e-3f);
        T a = addend, b = addend, c = addend, d = addend, e = addend, f = addend, g = addend, h = addend, i = addend, j = addend, k = addend, l = addend;
        for (var round = 0; round < rounds; round++)
        {
            a = T.MultiplyAdd(a, factor, addend);
            b = T.MultiplyAdd(b, factor, addend);
            c = T.MultiplyAdd(c, factor, addend);
            d = T.MultiplyAdd(d, factor, addend);
            e = T.MultiplyAdd(e, factor, addend);
            f = T.MultiplyAdd(f, factor, addend);
            g = T.MultiplyAdd(g, factor, addend);
            h = T.MultiplyAdd(h, factor, addend);
            i = T.MultiplyAdd(i, factor, addend);
            j = T.MultiplyAdd(j, factor, addend);
            k = T.MultiplyAdd(k, factor, addend);
            l = T.MultiplyAdd(l, factor, addend);
        }
        return T.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
