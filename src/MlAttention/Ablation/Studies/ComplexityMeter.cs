using System.Diagnostics;
using MlAttention.Attention;
using MlAttention.Encoders;
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
    public int Passes { get; init; } = 5;

    /// <summary>Measures everything on one thread.</summary>
    /// <param name="progress">Hears the name of each series.</param>
    /// <param name="cancellation">Stops between measurements.</param>
    public ComplexityStudy Measure(Action<string>? progress, CancellationToken cancellation)
    {
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            var series = new List<ComplexitySeries>();
            foreach (var contender in Contenders())
            {
                progress?.Invoke(contender.Name);
                series.Add(Series(contender, "n", FixedWidth, Lengths, length => (length, FixedWidth), contender.OrderInLength, cancellation));
                series.Add(Series(contender, "d", FixedLength, Widths, width => (FixedLength, width), "O(n d^2)", cancellation));
            }
            return new($"one thread, batch {Batch}, TorchSharp", series);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private ComplexitySeries Series(
        Contender contender, string varied, int other, IReadOnlyList<int> sizes, Func<int, (int Length, int Width)> shape, string theory, CancellationToken cancellation)
    {
        var points = new List<ComplexityPoint>();
        foreach (int size in sizes)
        {
            cancellation.ThrowIfCancellationRequested();
            var (length, width) = shape(size);
            points.Add(Measure(contender, size, length, width));
        }
        (double, double)[] memory = [.. points.Where(point => point.Bytes > 0).Select(point => ((double)point.Size, point.Bytes!.Value))];
        double memoryExponent = PowerLaw.Exponent(memory);
        return new(contender.Name, varied, other, points, PowerLaw.Exponent([.. points.Select(point => ((double)point.Size, point.Milliseconds))]), double.IsFinite(memoryExponent) ? memoryExponent : null, theory);
    }

    private ComplexityPoint Measure(Contender contender, int size, int length, int width)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var module = contender.Make(width);
        module.eval();
        var x = randn(Batch, length, width);
        var mask = ones(Batch, length, ScalarType.Bool);
        contender.Run(module, x, mask).Dispose();
        double[] times = [.. Enumerable.Range(0, Passes).Select(_ => Time(() => contender.Run(module, x, mask).Dispose())).Order()];
        long? bytes = PeakMemory.Growth(() => contender.Run(module, x, mask).Dispose());
        return new(size, times[Passes / 2], bytes);
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
            yield return new(
                $"attention, {algorithm}".ToLowerInvariant(),
                algorithm switch { AttentionAlgorithm.Full or AttentionAlgorithm.Chunked => "O(n^2 d)", AttentionAlgorithm.LocalWindow => "O(n w d)", _ => "O(n d)" },
                width => new MultiHeadAttention(new AttentionOptions { ModelWidth = width, Heads = Heads, Algorithm = algorithm, WindowRadius = WindowRadius, CheckNumbers = false }),
                (module, x, _) => ((MultiHeadAttention)module).forward(x, x, x, null));
        yield return new("LSTM", "O(n d^2)", width => new LstmEncoder(width, layers: 1), (module, x, mask) => ((SequenceEncoder)module).forward(x, mask));
        yield return new("CNN", "O(k n d^2)", width => new CnnEncoder(width, layers: 1), (module, x, mask) => ((SequenceEncoder)module).forward(x, mask));
    }

    private sealed record Contender(string Name, string OrderInLength, Func<int, nn.Module> Make, Func<nn.Module, Tensor, Tensor, Tensor> Run);
}
