using MlAttention.Benchmarks;
using MlAttention.Benchmarks.Attention;
using MlAttention.Benchmarks.Data;
using MlAttention.Benchmarks.Training;

IBenchmark[] benchmarks = [new AttentionBenchmark(), new AttentionMeasurement(), new TrainingBenchmark(), new DataBenchmark()];

if (args.Length > 0 && benchmarks.FirstOrDefault(benchmark => benchmark.Verb == args[0]) is { } chosen) return chosen.Run(args[1..]);

Console.WriteLine("usage: dotnet run -c Release --project tests/MlAttention.Benchmarks -- <verb> [arguments]");
foreach (var benchmark in benchmarks) Console.WriteLine($"  {benchmark.Verb,-20} {benchmark.Summary}");
return 2;
