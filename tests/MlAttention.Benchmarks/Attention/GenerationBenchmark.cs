using System.Diagnostics;
using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;

namespace MlAttention.Benchmarks.Attention;

/// <summary>Tokens a second of a causal model: with a cache of keys and values, and with a pass over the whole text for each token.</summary>
internal sealed class GenerationBenchmark : IBenchmark
{
    private const int Vocabulary = 8000, Repetitions = 5;

    public string Verb => "generate";

    public string Summary => "Tokens a second that a causal model writes, with and without a cache of keys and values";

    public int Run(IReadOnlyList<string> arguments)
    {
        Console.WriteLine("| width, layers | text, tokens | with the cache, tokens/s | without, tokens/s | ratio |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (width, layers) in new[] { (64, 2), (256, 4) })
            foreach (int length in new[] { 32, 128, 512 }) Print(width, layers, length);
        return 0;
    }

    private static void Print(int width, int layers, int length)
    {
        var model = new SequenceModelOptions { Task = TaskKind.NextToken, Mask = MaskKind.Causal, Head = HeadKind.Tied, Positions = PositionScheme.Rotary, ModelWidth = width, FeedForwardWidth = 4 * width, Layers = layers, MaxLength = length };
        var configuration = new EngineConfiguration(model, Vocabulary + 2, Vocabulary) { Compute = new() { Threads = 1 } };
        var provider = new ManagedEngineProvider();
        using var engine = provider.CreateEngine(configuration);
        var weights = engine.GetWeights();
        using var decoder = ManagedEngineProvider.CreateDecoders(configuration, weights)();
        var scorer = provider.CreateScorer(configuration, weights);
        float[] logits = new float[Vocabulary];
        int[] tokens = [.. Enumerable.Range(0, length).Select(i => 1 + i * 37 % Vocabulary)];

        double cached = Best(() =>
        {
            decoder.Restart();
            foreach (int token in tokens)
            {
                decoder.Read(token);
                decoder.Logits(logits);
            }
        });
        double whole = Best(() =>
        {
            for (int count = 1; count <= length; count++)
            {
                int[] labels = new int[count];
                labels.AsSpan().Fill(Targets.Ignored);
                labels[^1] = 0;        // the logits of the last place alone
                scorer.Score(new TokenBatch { Rows = 1, Length = count, Tokens = tokens, Lengths = [count], Targets = Targets.OfTokens(labels, [0, count]) }, logits);
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {width}, {layers} | {length} | {length / cached:0} | {length / whole:0} | {whole / cached:0.0} |"));
    }

    /// <summary>The shortest of several times, in seconds, after one to warm up.</summary>
    private static double Best(Action action)
    {
        action();
        return Enumerable.Range(0, Repetitions).Min(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
    }
}
