using System.Diagnostics;
using System.Globalization;
using MlAttention.Encoders;
using MlAttention.Engines;
using MlAttention.Positions;
using MlAttention.Randomness;
using MlAttention.Training;

namespace MlAttention.Benchmarks.Training;

/// <summary>
/// Time of a training step of both engines against PyTorch: vocabulary 5000, width 64, 4 heads, 2 layers, feed-forward 128,
/// batch 32, post-norm, mean pooling, AdamW; one thread. The contestants take turns; medians of all turns.
/// </summary>
/// <remarks>Processor time stands beside wall time, because only the former means anything on a busy machine.</remarks>
internal sealed class TrainingBenchmark : IBenchmark
{
    private const int Vocabulary = 5000, Classes = 4, BatchRows = 32, Turns = 3, StepsPerTurn = 10, WarmUp = 3, FirstWarmUp = 60;
    private const double LeastGemmSpeed = 80;

    public string Verb => "training";

    public string Summary => "time of a training step against PyTorch; arguments: [python3] [lengths, as 32,128]";

    public int Run(IReadOnlyList<string> arguments)
    {
        using var reference = PyTorchReference.TryStart(arguments.ElementAtOrDefault(0) ?? "/usr/bin/python3");
        var lengths = (arguments.ElementAtOrDefault(1) ?? "32,128").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        if (reference is null) Console.WriteLine("PyTorch: not found; only the engines are measured.");
        else Print($"PyTorch {reference.Version}, {reference.GemmSpeed:F0} GFLOP/s{(reference.GemmSpeed < LeastGemmSpeed ? $": below {LeastGemmSpeed}, a slow BLAS or a busy machine; the ratios mean little" : "")}");
        Console.WriteLine("n    dropout  contestant   wall ms  processor ms  PyTorch / contestant (processor time)");
        foreach (var length in lengths)
            foreach (var dropout in (double[])[0.1, 0])
                Compare(reference, length, dropout);
        return 0;
    }

    private static void Compare(PyTorchReference? reference, int length, double dropout)
    {
        using var torch = Create(EngineKind.TorchSharp, length, dropout);
        using var managed = Create(EngineKind.Managed, length, dropout);
        var batch = Batch(length);
        var times = new Dictionary<string, List<StepTime>> { ["PyTorch"] = [], [torch.Name] = [], [managed.Name] = [] };
        foreach (var engine in (ISequenceEngine[])[torch, managed]) WarmUpEngine(engine, batch);
        for (var turn = 0; turn < Turns; turn++)
        {
            if (reference is not null) times["PyTorch"].Add(reference.Measure(length, dropout, StepsPerTurn));
            foreach (var engine in (ISequenceEngine[])[torch, managed]) times[engine.Name].Add(Measure(engine, batch));
        }
        foreach (var (name, turns) in times.Where(contestant => contestant.Value.Count > 0))
        {
            var time = StepTime.Median(turns);
            var ratio = reference is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{StepTime.Median(times["PyTorch"]).Processor / time.Processor:F2}");
            Print($"{length,-4} {dropout,-8} {name,-12} {time.Wall,7:F2}  {time.Processor,12:F2}  {ratio}");
        }
    }

    private static ISequenceEngine Create(EngineKind kind, int length, double dropout)
    {
        var model = new SequenceModelOptions
        {
            Positions = PositionScheme.Learned, Norm = NormPlacement.Post, Activation = ActivationKind.Relu, Dropout = dropout, MaxLength = length,
        };
        return EngineFactory.CreateEngine(new EngineConfiguration(model, Vocabulary, Classes, new TrainingOptions { Engine = kind, Threads = 1, MaxGradientNorm = 0, LabelSmoothing = 0 }));
    }

    /// <summary>Until the runtime has compiled the hot loops for good.</summary>
    private static void WarmUpEngine(ISequenceEngine engine, TokenBatch batch)
    {
        for (var step = 0; step < FirstWarmUp; step++)
        {
            engine.Accumulate(batch, 1f / BatchRows, (ulong)step);
            engine.Step(1e-3);
        }
    }

    private static StepTime Measure(ISequenceEngine engine, TokenBatch batch)
    {
        var times = new List<StepTime>();
        for (var step = 0; step < StepsPerTurn + WarmUp; step++)
        {
            var (wall, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            engine.Accumulate(batch, 1f / BatchRows, (ulong)step);
            engine.Step(1e-3);
            if (step >= WarmUp) times.Add(new StepTime(Stopwatch.GetElapsedTime(wall).TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds));
        }
        return StepTime.Median(times);
    }

    private static TokenBatch Batch(int length)
    {
        var random = new Xoshiro256(7);
        return new TokenBatch
        {
            Rows = BatchRows, Length = length,
            Tokens = [.. Enumerable.Range(0, BatchRows * length).Select(_ => 1 + random.NextInt(Vocabulary - 1))],
            Lengths = [.. Enumerable.Repeat(length, BatchRows)],
            Labels = [.. Enumerable.Range(0, BatchRows).Select(_ => random.NextInt(Classes))],
        };
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
