using MlAttention.Benchmarks.Comparison;
using MlAttention.Torch.Engine;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>One forward and backward pass over a batch: its products, its time, its memory.</summary>
internal static class EncoderPass
{
    /// <summary>A pass over x [batch, length, D]: gradients of x and of all weights.</summary>
    public static Action Create(Contestant contestant, int batch, int length)
    {
        var encoder = contestant.NewEncoder();
        Tensor x = randn(batch, length, Contestant.Width).requires_grad_(), mask = ones(batch, length, dtype: ScalarType.Bool);
        return () =>
        {
            using var scope = NewDisposeScope();
            autograd.grad([encoder.call(x, mask).sum()], [x, .. encoder.parameters()]);
        };
    }

    /// <summary>Products and multiplications of the four encoders at some lengths.</summary>
    public static IReadOnlyList<CountPoint> Count(IReadOnlyList<int> lengths) => [.. Contestant.Courses.SelectMany(contestant => lengths.Select(length =>
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var (output, multiplications) = ProductTrace.Run(contestant.NewEncoder(), contestant.Model, randn(1, length, Contestant.Width));
        return new CountPoint(contestant.Name, length, output.Chain, multiplications);
    }))];

    /// <summary>Median times; all contestants take turns, on each number of threads, so that what slows the machine slows all of them.</summary>
    /// <param name="batches">Sequences of a batch.</param>
    /// <param name="lengths">Tokens of a sequence.</param>
    /// <param name="threads">Threads of libtorch.</param>
    /// <param name="rounds">Turns of each.</param>
    /// <param name="seconds">How long a turn measures at least.</param>
    public static IReadOnlyList<TimePoint> Time(IReadOnlyList<int> batches, IReadOnlyList<int> lengths, IReadOnlyList<int> threads, int rounds, double seconds)
    {
        NativeAllocator.Tune();
        int threadsBefore = get_num_threads();
        var points = new List<TimePoint>();
        foreach (int batch in batches)
            foreach (int length in lengths)
            {
                var turns = Contestant.Timed.SelectMany(contestant =>
                {
                    var pass = Create(contestant, batch, length);
                    return threads.Select(count => (Point: new TimePoint(contestant.Name, batch, length, count, 0), Turn: new Turn($"{contestant.Name} {count}", () => Milliseconds(pass, count, seconds))));
                }).ToArray();
                var medians = Comparison.Turn.Alternate(rounds, [.. turns.Select(turn => turn.Turn)]);
                points.AddRange(turns.Select(turn => turn.Point with { Milliseconds = medians[turn.Turn.Name] }));
            }
        set_num_threads(threadsBefore);
        return [.. points.OrderBy(point => Contestant.Timed.Index().First(contestant => contestant.Item.Name == point.Encoder).Index)];
    }

    private static double Milliseconds(Action pass, int threads, double seconds)
    {
        set_num_threads(threads);
        double first = Stopwatches.Milliseconds(pass, repetitions: 1, warmUp: 1);
        return Stopwatches.Milliseconds(pass, Math.Max(1, (int)(seconds * 1000 / first)), warmUp: 0);
    }
}
