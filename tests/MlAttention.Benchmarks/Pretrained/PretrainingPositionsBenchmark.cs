using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation.Plan;
using MlAttention.Ablation.Statistics;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Core.Training;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>
/// The ablation of positions for pre-training: the same small encoder learns masked tokens of the same texts from nothing with each position
/// scheme, and the perplexity of held-out texts tells what order is worth to it.
/// </summary>
/// <remarks>
/// Nothing is chosen on the held-out texts: every run takes all its epochs, and its last weights are measured. A seed has the same masks in
/// training for all schemes, and all runs are measured with the same masks, drawn several times, so that differences within a seed are paired.
/// </remarks>
internal sealed class PretrainingPositionsBenchmark : IBenchmark
{
    private const double MaskedShare = 0.15, Level = 0.95, HeldOut = 0.1;
    private const int TestDraws = 5;
    private static readonly PositionScheme[] s_schemes = Enum.GetValues<PositionScheme>();
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "pretraining-positions";

    public string Summary => "<texts.csv> [test=<csv>] [group=<column>] [schemes=none,sinusoidal,...] [seeds=1,2,3] [epochs=20] [vocabulary=2000] [width=64] [layers=2] [threads=1]: perplexity of masked tokens of held-out texts, of an encoder that is pre-trained from nothing with each position scheme";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 1 || arguments.Skip(1).Any(argument => !argument.Contains('=', StringComparison.Ordinal))) throw new BenchmarkException($"{Verb}: {Summary}");
        var settings = arguments.Skip(1).Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        int Number(string name, int byDefault) => settings.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : byDefault;
        int[] seeds = [.. settings.GetValueOrDefault("seeds", "1,2,3").Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))];
        PositionScheme[] schemes = settings.TryGetValue("schemes", out string? given) ? [.. given.Split(',').Select(name => Enum.Parse<PositionScheme>(name, ignoreCase: true))] : s_schemes;
        int width = Number("width", 64), layers = Number("layers", 2);
        var options = new TrainingOptions
        {
            Epochs = Number("epochs", 20), BatchSize = 32, ValidationFraction = 0, LabelSmoothing = 0, RareTokenDropout = 0, Compute = new() { Threads = Number("threads", 1) },
            Optimizer = new() { LearningRate = 2e-3, Schedule = LearningRateSchedule.Linear, WarmupFraction = 0.1, WeightDecay = 0.01 },
        };

        var (training, test) = Texts(arguments[0], settings);
        var tokenizer = PretrainedTokenizer.Learn(training, Number("vocabulary", 2000));
        var masking = new TokenMasking(tokenizer, MaskedShare);
        TokenDataset trainingRows = Rows(training, tokenizer), testRows = Rows(test, tokenizer);
        TokenDataset[] draws = [.. Enumerable.Range(0, TestDraws).Select(draw => masking.Apply(testRows, seed: 1, "test", draw))];
        Print($"{training.Length} texts to learn from and {test.Length} held out, {tokenizer.VocabularySize} tokens; a unigram model has perplexity {Unigram(trainingRows, draws):F1}");

        var losses = new Dictionary<PositionScheme, double[]>();
        foreach (var scheme in schemes)
        {
            var model = new SequenceModelOptions
            {
                ModelWidth = width, Heads = Math.Max(1, width / 16), Layers = layers, FeedForwardWidth = 4 * width, MaxLength = 64, KeepBoundaries = true, Activation = ActivationKind.Gelu,
                Positions = scheme, Task = TaskKind.MaskedTokens, Head = HeadKind.TiedTransform,
            };
            losses[scheme] = [.. seeds.Select(seed => Loss(model, options with { Seed = seed }, trainingRows, draws, masking))];
        }
        var first = losses[schemes[0]];
        Print($"| positions | perplexity | less loss than with {VariantNames.Of(schemes[0])}, nats |");
        Print($"|---|---|---|");
        foreach (var scheme in schemes)
            Print($"| {VariantNames.Of(scheme)} | {Interval(losses[scheme], Math.Exp, "F2")} | {(scheme == schemes[0] ? "" : Interval([.. first.Zip(losses[scheme], (none, own) => none - own)], difference => difference, "F3"))} |");
        return 0;
    }

    private static double Loss(SequenceModelOptions model, TrainingOptions options, TokenDataset rows, TokenDataset[] draws, TokenMasking masking)
    {
        var watch = Stopwatch.StartNew();
        int seed = options.SeedOrDefault;
        var engines = new EngineFactory(new ManagedEngineProvider());
        var trained = new SequenceTrainer(model, options, engines) { EpochData = epoch => masking.Apply(rows, seed, "masks", epoch) }.Train(masking.Apply(rows, seed, "masks", 0));
        using var engine = engines.CreateEngine(new EngineConfiguration(model, trained.EmbeddingRows, trained.ClassCount) { InitialWeights = trained.Weights, Compute = options.Compute });
        double loss = draws.Average(draw => DatasetScorer.Evaluate(engine, draw, model).Loss);
        Print($"  {VariantNames.Of(model.Positions)}, seed {seed}: perplexity {Math.Exp(loss):F2}, {watch.Elapsed.TotalSeconds:F0} s");
        return loss;
    }

    private (string[] Training, string[] Test) Texts(string path, Dictionary<string, string> settings)
    {
        string[] all = Column(path, "Text");
        if (settings.TryGetValue("test", out string? test)) return (all, Column(test, "Text"));
        string[] groups = settings.TryGetValue("group", out string? group) ? Column(path, group) : all;
        var (first, second) = RowSplit.Grouped(groups, HeldOut, seed: 1);
        return ([.. first.Select(row => all[row])], [.. second.Select(row => all[row])]);
    }

    private string[] Column(string path, string name) => [.. _context.Attention().LoadCsv(path, textColumn: name).GetColumn<string>("Text")];

    private static TokenDataset Rows(string[] texts, PretrainedTokenizer tokenizer)
    {
        var builder = new TokenDatasetBuilder(tokenizer.VocabularySize, tokenizer.VocabularySize, 64, TruncationSide.KeepStart, keepBoundaries: true, TaskKind.MaskedTokens);
        foreach (string text in texts) builder.AddText(Array.ConvertAll(tokenizer.Encode(text), id => id + 1));
        return builder.Build();
    }

    /// <summary>The perplexity of the tokens' own frequencies, each counted once more than it occurs.</summary>
    private static double Unigram(TokenDataset training, TokenDataset[] draws)
    {
        double[] counts = [.. Enumerable.Repeat(1.0, training.VocabularySize)];
        foreach (int token in training.Tokens.AsSpan(0, training.Offsets[^1])) counts[token - 1]++;
        double total = counts.Sum();
        return Math.Exp(draws.SelectMany(draw => draw.Targets.Labels).Where(label => label != Targets.Ignored).Average(label => -Math.Log(counts[label] / total)));
    }

    private static string Interval(double[] values, Func<double, double> shown, string format) => PairedTTest.Interval(values, Level) is { } interval
        ? string.Create(CultureInfo.InvariantCulture, $"{shown(values.Average()).ToString(format, CultureInfo.InvariantCulture)} [{shown(interval.Lower).ToString(format, CultureInfo.InvariantCulture)}, {shown(interval.Upper).ToString(format, CultureInfo.InvariantCulture)}]")
        : shown(values.Average()).ToString(format, CultureInfo.InvariantCulture);

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
