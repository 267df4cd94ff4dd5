using System.Diagnostics;
using MathNet.Numerics;
using MathNet.Numerics.LinearRegression;
using MlAttention.Torch.Engine;
using static TorchSharp.torch;

namespace MlAttention.Ablation.Studies;

/// <summary>Measures time and memory of a forward pass against the length n and the width d, for each attention algorithm, LSTM and CNN.</summary>
internal sealed class ComplexityMeter
{
    private const int Batch = 1, Heads = 4, WindowRadius = 16, FixedLength = 256, FixedWidth = 64;

    /// <summary>Lengths n, ascending.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [128, 256, 512, 1024, 2048];

    /// <summary>Widths d, ascending multiples of 4.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [64, 128, 256, 512, 1024];

    /// <summary>Passes of which the median counts.</summary>
    public int Passes { get; init; } = 11;

    /// <summary>Seed of the random inputs and weights.</summary>
    public uint Seed { get; init; } = 1;

    /// <summary>Measures everything on one thread, and the largest sizes on all threads too.</summary>
    /// <param name="progress">Hears the name of each series.</param>
    /// <param name="cancellation">Stops between measurements.</param>
    public ComplexityStudy Measure(Action<string>? progress, CancellationToken cancellation)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var random = TorchRandomState.Seeded(Seed);
        try
        {
            var series = new List<ComplexitySeries>();
            foreach (var contender in Contenders())
            {
                progress?.Invoke(contender.Name);
                series.Add(Series(contender, byLength: true, cancellation));
                series.Add(Series(contender, byLength: false, cancellation));
            }
            return new(Invariant($"one thread (speed-up: {Environment.ProcessorCount}), batch {Batch}, TorchSharp"), series);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private ComplexitySeries Series(Contender contender, bool byLength, CancellationToken cancellation)
    {
        var (varied, other, theory) = byLength ? ("n", FixedWidth, contender.TheoryOfLength) : ("d", FixedLength, contender.TheoryOfWidth);
        var points = new List<ComplexityPoint>();
        foreach (int size in byLength ? Lengths : Widths)
        {
            cancellation.ThrowIfCancellationRequested();
            points.Add(Measure(contender, size, byLength));
        }
        double memoryExponent = PowerLaw.Fit([.. points.Where(point => point.Bytes > 0).Select(point => ((double)point.Size, point.Bytes!.Value))]).Exponent;
        var (timeExponent, fit) = PowerLaw.Fit([.. points.Select(point => ((double)point.Size, point.Milliseconds))]);
        return new(contender.Name, varied, other, points, timeExponent, double.IsFinite(memoryExponent) ? memoryExponent : null, Speedup(contender, points[^1], byLength), theory, fit);
    }

    private double? Speedup(Contender contender, ComplexityPoint largest, bool byLength)
    {
        if (Environment.ProcessorCount == 1) return null;
        set_num_threads(Environment.ProcessorCount);
        try
        {
            return largest.Milliseconds / Measure(contender, largest.Size, byLength).Milliseconds;
        }
        finally
        {
            set_num_threads(1);
        }
    }

    private ComplexityPoint Measure(Contender contender, int size, bool byLength)
    {
        var (length, width) = byLength ? (size, FixedWidth) : (FixedLength, size);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var module = contender.Make(width);
        module.eval();
        var x = randn(Batch, length, width);
        var mask = ones(Batch, length, ScalarType.Bool);
        contender.Run(module, x, mask).Dispose();
        double[] times = [.. Enumerable.Range(0, Passes).Select(_ => Time(() => contender.Run(module, x, mask).Dispose())).Order()];
        long? bytes = PeakMemory.Growth(() => contender.Run(module, x, mask).Dispose());
        return new(size, Sample.Quantile(times, 0.5), bytes, (Sample.Quantile(times, 0.75) - Sample.Quantile(times, 0.25)) / 2);
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static IEnumerable<Contender> Contenders()
    {
        foreach (var algorithm in Enum.GetValues<AttentionAlgorithm>())
        {
            var (time, inLength, inWidth, memory) = TheoryOf(algorithm);
            yield return new(
                $"attention, {VariantNames.Of(algorithm)}",
                new(time, inLength, memory, "O(1)"),
                new(time, inWidth, "1", "O(1)"),
                width => new MultiHeadAttention(new AttentionOptions { ModelWidth = width, Heads = Heads, Algorithm = algorithm, WindowRadius = WindowRadius, CheckNumbers = false }),
                (module, x, _) => ((MultiHeadAttention)module).forward(x, x, x, null));
        }
        yield return new(
            "LSTM", new("O(n d^2)", "1", "1", "O(n)"), new("O(n d^2)", "2", "1", "O(n)"),
            width => new LstmEncoder(width, layers: 1), (module, x, mask) => ((SequenceEncoder)module).forward(x, mask));
        yield return new(
            "CNN", new("O(k n d^2)", "1", "1", "O(1)"), new("O(k n d^2)", "2", "1", "O(1)"),
            width => new CnnEncoder(width, layers: 1), (module, x, mask) => ((SequenceEncoder)module).forward(x, mask));
    }

    // Every algorithm projects queries, keys, values and outputs, which takes O(n d^2) besides.
    private static (string Time, string InLength, string InWidth, string MemoryInLength) TheoryOf(AttentionAlgorithm algorithm) => algorithm switch
    {
        AttentionAlgorithm.Full => ("O(n^2 d + n d^2)", "2", "1 to 2", "2"),
        AttentionAlgorithm.Chunked => ("O(n^2 d + n d^2)", "2", "1 to 2", "1"),
        AttentionAlgorithm.LocalWindow => ("O(n w d + n d^2)", "1", "1 to 2", "1"),
        _ => ("O(n d^2)", "1", "2", "1"),
    };

    private sealed record Contender(string Name, ComplexityTheory TheoryOfLength, ComplexityTheory TheoryOfWidth, Func<int, nn.Module> Make, Func<nn.Module, Tensor, Tensor, Tensor> Run);
}

/// <summary>How a cost grows: the exponent b of cost = a size^b.</summary>
internal static class PowerLaw
{
    /// <summary>Least squares of log cost on log size over the larger half of the sizes, where constant costs no longer show; with R², 1 for two points.</summary>
    public static (double Exponent, double RSquared) Fit(IReadOnlyList<(double Size, double Cost)> points)
    {
        var larger = points.OrderBy(point => point.Size).Skip(Math.Max(0, Math.Min(points.Count - 2, points.Count / 2))).Select(point => (X: Math.Log(point.Size), Y: Math.Log(point.Cost))).ToArray();
        if (larger.Length < 2) return (double.NaN, double.NaN);
        double[] x = [.. larger.Select(point => point.X)], y = [.. larger.Select(point => point.Y)];
        var (a, b) = SimpleRegression.Fit(x, y);
        return (b, GoodnessOfFit.RSquared(x.Select(value => a + b * value), y));
    }
}
