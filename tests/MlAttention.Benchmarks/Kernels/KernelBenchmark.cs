using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>The kernels by themselves, measured by BenchmarkDotNet in this process.</summary>
internal sealed class KernelBenchmark : IBenchmark
{
    public string Verb => "kernels";

    public string Summary => "BenchmarkDotNet: matrix products, pointwise kernels and latency; arguments go to BenchmarkDotNet, as --filter '*Latency*'";

    public int Run(IReadOnlyList<string> arguments)
    {
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Comparison.CompareBenchmark.Folder, "kernels"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmark).Assembly).Run(arguments.Count == 0 ? ["--filter", "*"] : [.. arguments], config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
