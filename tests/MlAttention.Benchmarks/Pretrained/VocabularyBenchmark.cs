using System.Globalization;
using MlAttention.Benchmarks.Comparison;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Torch.Engine;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>What predicting tokens costs: steps of training an encoder of MiniLM's size with a head of two labels a text, and with its vocabulary as the classes.</summary>
internal sealed class VocabularyBenchmark : IBenchmark
{
    private const int Vocabulary = 30_522, Rows = 32, Length = 64, MaskedPercent = 15, Repetitions = 5;

    public string Verb => "vocabulary-head";

    public string Summary => "[engines=managed,torchSharp] [threads=2] [layers=6] [width=384] [vocabulary=30522]: tokens a second of training without and with a head over the vocabulary";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Any(argument => !argument.Contains('=', StringComparison.Ordinal))) throw new BenchmarkException($"{Verb}: {Summary}");
        var settings = arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        int Number(string name, int byDefault) => settings.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault;
        int width = Number("width", 384), vocabulary = Number("vocabulary", Vocabulary);
        var encoder = new SequenceModelOptions
        {
            ModelWidth = width, Heads = width / 32, Layers = Number("layers", 6), FeedForwardWidth = 4 * width, MaxLength = 512, Norm = NormPlacement.Post, Activation = ActivationKind.Gelu,
            Positions = PositionScheme.Learned, ScaleEmbeddings = false, EmbeddingNorm = true, TokenTypes = 2, LayerNormEpsilon = 1e-12,
        };
        var masked = encoder with { Task = TaskKind.MaskedTokens, Head = HeadKind.TiedTransform };
        var next = encoder with { Task = TaskKind.NextToken, Head = HeadKind.Tied, Mask = MaskKind.Causal };
        foreach (string engine in settings.GetValueOrDefault("engines", "managed,torchSharp").Split(','))
        {
            double without = 0;
            foreach (var (name, model) in new[] { ("two labels a text", encoder), ("15 % of the tokens masked", masked), ("each next token", next) })
            {
                var configuration = new EngineConfiguration(model, vocabulary + 2, model.Task.PredictsTokens ? vocabulary : 2) { Compute = new() { Threads = Number("threads", 2) } };
                using ISequenceEngine trained = engine == "managed" ? new ManagedEngineProvider().CreateEngine(configuration) : new TorchSharpEngine(configuration);
                var batch = Batch(model.Task, vocabulary);
                double milliseconds = Stopwatches.Milliseconds(() =>
                {
                    trained.Accumulate(batch, 1f / Rows, dropoutSeed: 1);
                    trained.Step(1e-4);
                }, Repetitions, warmUp: 2);
                if (without == 0) without = milliseconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{trained.Name}, {name}: {Rows * Length / milliseconds * 1000:F0} tokens/s, {milliseconds:F0} ms a step of {Rows} texts of {Length} tokens, {milliseconds / without:F2} times the first"));
            }
        }
        return 0;
    }

    private static TokenBatch Batch(TaskKind task, int vocabulary)
    {
        var random = new Random(1);
        int[] tokens = [.. Enumerable.Range(0, Rows * Length).Select(_ => random.Next(1, vocabulary + 1))], offsets = [.. Enumerable.Range(0, Rows + 1).Select(row => row * Length)];
        Targets targets = task switch
        {
            TaskKind.MaskedTokens => Targets.OfTokens([.. tokens.Select(token => random.Next(100) < MaskedPercent ? token - 1 : Targets.Ignored)], offsets),
            TaskKind.NextToken => Targets.OfNextTokens(tokens, offsets, vocabulary),
            _ => Enumerable.Range(0, Rows).Select(row => row % 2).ToArray(),
        };
        return new() { Rows = Rows, Length = Length, Tokens = tokens, Lengths = [.. Enumerable.Repeat(Length, Rows)], Targets = targets };
    }
}
