using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation.Statistics;
using MlAttention.Core.Pretrained;
using MlAttention.Core.Sequences;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>
/// What pre-training on texts without labels is worth where few have one: accuracy of classifiers that are trained on the same labelled rows
/// and start from nothing, from an encoder that was pre-trained on all training texts, and from other encoders.
/// </summary>
/// <remarks>Settings are chosen with dev=2000, on training rows that neither pre-training nor a classifier has seen, and never on the test file.</remarks>
internal sealed class PretrainingBenchmark : IBenchmark
{
    private const string Words = "words from nothing", Untrained = "encoder from nothing", Own = "own encoder, pre-trained", Given = "given encoder", Adapted = "given encoder, adapted";
    private const double Level = 0.95;
    private readonly MLContext _context = new(seed: 1);
    private Dictionary<string, string> _settings = [];

    public string Verb => "pretraining";

    public string Summary => "<train.csv> <test.csv> [rows=300] [seeds=1,2,3,4,5] [dev=0] [encoder=<folder>] [adapt=0] [words=yes] [epochs=20] [rate=1e-3] [share=0.15] [width=128] [layers=2] [vocabulary=4000] [batch=32] [tune-epochs=30] [tune-rate=5e-4] [words-epochs=40] [threads=1]: accuracy with so many labelled rows, from nothing and after pre-training on all texts; paired differences with their intervals";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || arguments.Skip(2).Any(argument => !argument.Contains('=', StringComparison.Ordinal))) throw new BenchmarkException($"{Verb}: {Summary}");
        _settings = arguments.Skip(2).Select(argument => argument.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        var (train, test) = (Read(arguments[0]), Read(arguments[1]));
        if (Whole("dev", 0) is > 0 and var dev)
        {
            var (rest, heldOut) = RowSplit.Stratified([.. train.Select(row => row.Label)], (double)dev / train.Length, seed: 77);
            (train, test) = ([.. rest.Select(row => train[row])], [.. heldOut.Select(row => train[row])]);
        }
        string[] labels = [.. train.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        int[] truth = [.. test.Select(row => Array.IndexOf(labels, row.Label))];
        var given = _settings.TryGetValue("encoder", out string? folder) ? PretrainedEncoder.Load(folder) : null;
        var predictions = new Dictionary<string, List<int[]>>();
        foreach (int seed in _settings.GetValueOrDefault("seeds", "1,2,3,4,5").Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture)))
        {
            var (_, chosen) = RowSplit.Stratified([.. train.Select(row => row.Label)], (double)Whole("rows", 300) / train.Length, seed);
            TextRow[] labelled = [.. chosen.Select(row => train[row])];
            foreach (var (name, encoder) in Starts(train, given, seed))
            {
                var watch = Stopwatch.StartNew();
                int[] predicted = Predict(encoder, labelled, test, labels, seed);
                if (!predictions.TryGetValue(name, out var runs)) predictions.Add(name, runs = []);
                runs.Add(predicted);
                Print($"  seed {seed}, {labelled.Length} labelled rows, {name}: {100 * Accuracy(predicted, truth):F2} %; {watch.Elapsed.TotalSeconds:F0} s");
            }
        }
        Tell(predictions, truth, labels.Length);
        return 0;
    }

    /// <summary>What classifiers of a seed start from; null for words of the labelled rows alone.</summary>
    private IEnumerable<(string Name, PretrainedEncoder? Encoder)> Starts(TextRow[] train, PretrainedEncoder? given, int seed)
    {
        if (_settings.GetValueOrDefault("words", "yes") == "yes") yield return (Words, null);
        if (Whole("epochs", 20) > 0)
        {
            var options = new PretrainingOptions
            {
                VocabularySize = Whole("vocabulary", 4000), ModelWidth = Whole("width", 128), Layers = Whole("layers", 2), Heads = Whole("width", 128) / 32, FeedForwardWidth = 4 * Whole("width", 128), MaxLength = 48,
                MaskedShare = Number("share", 0.15),
                Training = Training(TrainingOptions.Pretraining, Whole("epochs", 20), Number("rate", 1e-3), seed) with { BatchSize = Whole("batch", 32), ValidationFraction = 0.05 },
            };
            var own = Pretrain(train, options);
            yield return (Untrained, MaskedLanguageModel.New("untrained", own.Tokenizer, own.Architecture, seed));
            yield return (Own, own);
        }
        if (given is null) yield break;
        yield return (Given, given);
        if (Whole("adapt", 0) is > 0 and var epochs)
            yield return (Adapted, Pretrain(train, new PretrainingOptions(given) { MaxLength = 48, MaskedShare = Number("share", 0.15), Training = Training(new PretrainingOptions(given).Training, epochs, Number("adapt-rate", 1e-4), seed) with { ValidationFraction = 0.05 } }));
    }

    private PretrainedEncoder Pretrain(TextRow[] texts, PretrainingOptions options)
    {
        var watch = Stopwatch.StartNew();
        var encoder = _context.Attention().PretrainEncoder(_context.Data.LoadFromEnumerable(texts), options);
        Print($"  pre-trained: perplexity {encoder.Pretraining!.PerplexityBefore:F1} before, after its epochs {string.Join(' ', encoder.Pretraining.Perplexities.Select(value => value.ToString("F1", CultureInfo.InvariantCulture)))}; vocabulary {encoder.Tokenizer.VocabularySize}, {encoder.Weights.Sum(weight => weight.Values.Length) / 1e6:F2} million weights, {watch.Elapsed.TotalSeconds:F0} s");
        return encoder;
    }

    private int[] Predict(PretrainedEncoder? encoder, TextRow[] labelled, TextRow[] test, string[] labels, int seed)
    {
        var attention = _context.Attention();
        var tune = encoder is null ? new AttentionClassifierOptions() : new AttentionClassifierOptions(encoder);
        var training = encoder is null ? Training(tune.Training, Whole("words-epochs", 40), Number("words-rate", tune.Training.Optimizer.LearningRate), seed) : Training(tune.Training, Whole("tune-epochs", 30), Number("tune-rate", 5e-4), seed) with { BatchSize = 16 };
        tune = tune with { Training = training with { ValidationFraction = 0, Patience = 0 } };
        IEstimator<ITransformer> tokens = encoder is null ? attention.TokenizeSequence("Tokens", "Text") : attention.TokenizeSequence("Tokens", "Text", encoder);
        var model = _context.Transforms.Conversion.MapValueToKey("Label").Append(tokens).Append(attention.Classifier(tune))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(_context.Data.LoadFromEnumerable(labelled));
        return [.. model.Transform(_context.Data.LoadFromEnumerable(test)).GetColumn<string>("PredictedLabel").Select(label => Array.IndexOf(labels, label))];
    }

    private TrainingOptions Training(TrainingOptions training, int epochs, double rate, int seed) =>
        training with { Epochs = epochs, Seed = seed, Compute = new() { Threads = Whole("threads", 1) }, Optimizer = training.Optimizer with { LearningRate = rate } };

    private static void Tell(Dictionary<string, List<int[]>> predictions, int[] truth, int classes)
    {
        foreach (var (name, runs) in predictions)
        {
            double[] accuracies = [.. runs.Select(run => 100 * Accuracy(run, truth))];
            Print($"{name}: mean {accuracies.Average():F2} % ({string.Join(' ', accuracies.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)))})");
        }
        var bootstrap = new PairedBootstrap(truth, null, classes);
        string[] names = [.. predictions.Keys];
        foreach (var (better, other) in new[] { (Own, Untrained), (Own, Words), (Adapted, Given) }.Where(pair => names.Contains(pair.Item1) && names.Contains(pair.Item2)))
        {
            double[] differences = [.. predictions[better].Zip(predictions[other], (one, two) => 100 * (Accuracy(one, truth) - Accuracy(two, truth)))];
            var rows = bootstrap.Intervals([.. predictions[better].Select(run => (IReadOnlyList<int[]>)[run])], [.. predictions[other].Select(run => (IReadOnlyList<int[]>)[run])], Level, samples: 10_000, seed: 1).Accuracy;
            string seeds = PairedTTest.Interval(differences, Level) is { } interval ? FormattableString.Invariant($"{interval.Lower:F2} to {interval.Upper:F2} (t over the seeds), ") : "";
            Print($"{better} - {other}: {differences.Average():F2} points ({string.Join(' ', differences.Select(value => value.ToString("F2", CultureInfo.InvariantCulture)))}), 95 %: {seeds}{100 * rows.Lower:F2} to {100 * rows.Upper:F2} (bootstrap of seeds and test rows)");
        }
    }

    private static double Accuracy(int[] predicted, int[] truth) => predicted.Zip(truth, (one, other) => one == other ? 1.0 : 0).Average();

    private int Whole(string name, int otherwise) => _settings.TryGetValue(name, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private double Number(string name, double otherwise) => _settings.TryGetValue(name, out string? value) ? double.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private TextRow[] Read(string path)
    {
        var data = _context.Attention().LoadCsv(path);
        return [.. data.GetColumn<string>("Text").Zip(data.GetColumn<string>("Label"), (text, label) => new TextRow { Text = text, Label = label })];
    }

    private static void Print(FormattableString line)
    {
        Console.WriteLine(FormattableString.Invariant(line));
        Console.Out.Flush();
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
