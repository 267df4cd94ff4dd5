using System.Diagnostics;
using System.Globalization;
using System.Text;
using MlAttention.Ablation;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Attention;

/// <summary>
/// Time and peak memory of the attention algorithms from 512 to 8192 tokens with fitted exponents, and of gradient checkpointing;
/// each measurement in a process of its own.
/// </summary>
internal sealed class AttentionBenchmark : IBenchmark
{
    private static readonly int[] _lengths = [512, 1024, 2048, 4096, 8192];

    public string Verb => "attention";

    public string Summary => "time and memory of every attention algorithm for n = 512 to 8192; an argument names the Markdown file to write";

    public int Run(IReadOnlyList<string> arguments)
    {
        var report = new StringBuilder();
        Header(report);
        var results = Workload.Algorithms.ToDictionary(name => name, name => _lengths.Select(length => Measure(name, length)).ToArray());
        Table(report, "Time", "ms", results, result => result.Milliseconds);
        Table(report, "Extra memory", "MB", results, result => result.Megabytes);
        Checkpointing(report);
        Console.WriteLine(report);
        if (arguments.Count > 0) File.WriteAllText(arguments[0], report.ToString());
        return 0;
    }

    private static void Header(StringBuilder report)
    {
        var environment = EnvironmentProbe.Current();
        Write(report, $"# How time and memory of attention grow");
        Write(report, $"Measured by `dotnet run -c Release --project tests/MlAttention.Benchmarks -- attention docs/COMPLEXITY.md`.");
        Write(report, $"One forward and backward pass over n tokens, batch 1, {Workload.Heads} heads of width {Workload.HeadWidth}, window radius {Workload.WindowRadius}, blocks of 256, 64 random features, float32, one thread; each figure from a process of its own.");
        Write(report, $"Time is processor time, the least of five batches of passes; extra memory is the peak of the process minus what it held before the pass. Exponents are least squares of log(figure) on log(n) over all lengths.");
        Write(report, $"");
        Write(report, $"Machine: {environment.Processor}, {environment.Cores} logical processors; {environment.Runtime}; {environment.Packages} packages; matrix product of 512x512 on one thread: {MatrixProductSpeed():F0} GFLOP/s.");
    }

    private static void Table(StringBuilder report, string title, string unit, Dictionary<string, Measured[]> results, Func<Measured, double> figure)
    {
        Write(report, $"");
        Write(report, $"## {title} ({unit})");
        Write(report, $"| n | {string.Join(" | ", results.Keys)} |");
        Write(report, $"|---{string.Concat(Enumerable.Repeat("|---", results.Count))}|");
        for (var i = 0; i < _lengths.Length; i++)
            Write(report, $"| {_lengths[i]} | {string.Join(" | ", results.Values.Select(measured => Figure(figure(measured[i]))))} |");
        var exponents = results.Values.Select(measured => Exponent(measured.Select(figure)).ToString("F2", CultureInfo.InvariantCulture));
        Write(report, $"| exponent | {string.Join(" | ", exponents)} |");
    }

    private static void Checkpointing(StringBuilder report)
    {
        Write(report, $"");
        Write(report, $"## Gradient checkpointing");
        Write(report, $"An encoder of {Workload.EncoderLayers} layers, width 64, 4 heads, batch 4, n = 512: `CheckpointLayers` computes each layer again in the backward pass.");
        Write(report, $"");
        Write(report, $"| | time (ms) | extra memory (MB) |");
        Write(report, $"|---|---|---|");
        var (plain, checkpointed) = (Measure("encoder", 512), Measure("encoder-checkpointed", 512));
        Write(report, $"| all intermediate tensors kept | {Figure(plain.Milliseconds)} | {Figure(plain.Megabytes)} |");
        Write(report, $"| checkpointed | {Figure(checkpointed.Milliseconds)} | {Figure(checkpointed.Megabytes)} |");
        Write(report, $"| ratio | {checkpointed.Milliseconds / plain.Milliseconds:F2} | {checkpointed.Megabytes / plain.Megabytes:F2} |");
    }

    private static Measured Measure(string name, int length)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(AttentionBenchmark).Assembly.Location);
        foreach (var argument in new[] { "attention-one", name, length.ToString(CultureInfo.InvariantCulture) }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"Measuring {name} with n = {length} ended with exit code {process.ExitCode}.");
        var parts = answer.Split(' ', StringSplitOptions.TrimEntries);
        var measured = new Measured(double.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture) / 1e6);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} n = {length}: {measured.Milliseconds:F1} ms, {measured.Megabytes:F1} MB"));
        return measured;
    }

    /// <summary>The slope of the least-squares line through (log n, log figure).</summary>
    private static double Exponent(IEnumerable<double> figures)
    {
        var (x, y) = (_lengths.Select(length => Math.Log(length)).ToArray(), figures.Select(figure => Math.Log(figure)).ToArray());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y).Sum(point => (point.First - meanX) * (point.Second - meanY)) / x.Sum(value => (value - meanX) * (value - meanX));
    }

    /// <summary>A build of libtorch on the reference BLAS is ten times slower: the figure tells.</summary>
    private static double MatrixProductSpeed()
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        var (left, right) = (randn(512, 512), randn(512, 512));
        var fastest = Enumerable.Range(0, 20).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            left.matmul(right).Dispose();
            return watch.Elapsed.TotalSeconds;
        });
        return 2 * Math.Pow(512, 3) / fastest / 1e9;
    }

    private static string Figure(double figure) => figure.ToString(figure < 10 ? "F2" : figure < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private static void Write(StringBuilder report, FormattableString line) => report.Append(FormattableString.Invariant(line)).Append('\n');

    private sealed record Measured(double Milliseconds, double Megabytes);
}
