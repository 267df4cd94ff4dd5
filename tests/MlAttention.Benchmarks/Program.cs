using MlAttention.Benchmarks;
using MlAttention.Benchmarks.Attention;
using MlAttention.Benchmarks.Comparison;
using MlAttention.Benchmarks.Comparison.Groups;
using MlAttention.Benchmarks.Data;
using MlAttention.Benchmarks.Encoders;
using MlAttention.Benchmarks.Kernels;
using MlAttention.Benchmarks.Onnx;
using MlAttention.Benchmarks.Pretrained;

IBenchmark[] benchmarks = [new AttentionBenchmark(), new AttentionMeasurement(), new CompareBenchmark(), new GuardBenchmark(), new KernelBenchmark(), new DataBenchmark(), new LeakBenchmark(), new FineTuneBenchmark(), new TrainingProcess(), new OnnxBenchmark(), new PairsBenchmark(), new ContinueBenchmark(), new TasksBenchmark(), new PretrainingBenchmark(), new HostileFolderBenchmark(), new DecidingWordsBenchmark(), new OnnxPrecisionBenchmark(), new VocabularyBenchmark(), new PretrainingPositionsBenchmark(), new EncodersBenchmark(), new GenerationBenchmark()];

if (args.Length > 0 && benchmarks.FirstOrDefault(benchmark => benchmark.Verb == args[0]) is { } chosen)
{
    try
    {
        return chosen.Run(args[1..]);
    }
    catch (BenchmarkException exception)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}

Console.WriteLine("usage: dotnet run -c Release --project tests/MlAttention.Benchmarks -- <verb> [arguments]");
foreach (var benchmark in benchmarks) Console.WriteLine($"  {benchmark.Verb,-20} {benchmark.Summary}");
return 2;
