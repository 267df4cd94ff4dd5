using System.Diagnostics;
using System.Globalization;
using MlAttention.Ablation.Studies;
using MlAttention.Torch.Engine;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Attention;

/// <summary>Measures one workload in this process, which does nothing else, so that its peak memory is the workload's.</summary>
internal sealed class AttentionMeasurement : IBenchmark
{
    private const int SmallLength = 32;
    private const int Batches = 5;
    private const double BatchSeconds = 0.25;

    public string Verb => "attention-one";

    public string Summary => "one workload with n tokens on one thread: milliseconds and extra bytes of a forward and backward pass";

    public int Run(IReadOnlyList<string> arguments)
    {
        set_num_threads(1);
        manual_seed(1);
        var (name, length) = (arguments[0], int.Parse(arguments[1], CultureInfo.InvariantCulture));
        Workload.Create(name, SmallLength)(); // loads and compiles everything
        var pass = Workload.Create(name, length);
        var extra = PeakMemory.Growth(pass) ?? throw new BenchmarkException("Peak memory is measured on Linux alone.");
        NativeAllocator.Tune(); // as the TorchSharp engine does; the memory is measured without blocks kept for later
        var milliseconds = Enumerable.Range(0, Batches).Min(_ => Time(pass));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds:R} {extra}"));
        return 0;
    }

    /// <summary>Milliseconds of one pass, the mean of a batch.</summary>
    private static double Time(Action pass)
    {
        var (passes, start) = (0, ProcessorTime());
        double seconds;
        do
        {
            pass();
            passes++;
            seconds = ProcessorTime() - start;
        }
        while (seconds < BatchSeconds);
        return seconds / passes * 1000;
    }

    /// <summary>Seconds of processor time: other programs on the machine do not count.</summary>
    private static double ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
