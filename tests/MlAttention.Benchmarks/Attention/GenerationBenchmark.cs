using System.Diagnostics;
using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Generation;
using MlAttention.Core.Managed;
using MlAttention.Core.Randomness;
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
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| choice of one of {Vocabulary} tokens | a second |"));
        Console.WriteLine("|---|---|");
        PrintChoice("of all", new());
        PrintChoice("top-k 40", new() { TopK = 40 });
        PrintChoice("top-p 0.9", new() { TopP = 0.9 });
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

    /// <summary>Logits are normal with a deviation of 3: nine tenths of the probability lie on some hundreds of tokens.</summary>
    private static void PrintChoice(string name, GenerationOptions options)
    {
        const int Choices = 200;
        var (sampler, random) = (new TokenSampler(Vocabulary), Xoshiro256.For(1, "choices"));
        float[] logits = [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(3 * random.NextNormal()))], copy = new float[Vocabulary];
        double seconds = Best(() =>
        {
            for (int choice = 0; choice < Choices; choice++)
            {
                logits.CopyTo(copy, 0);
                sampler.Next(options, copy, [], random);
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Choices / seconds:0} |"));
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
