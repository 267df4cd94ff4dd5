using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>What it is worth to keep two texts apart: texts that hold both are split again, and trained on as they are, as pairs, and as pairs with token types.</summary>
internal sealed class PairsBenchmark : IBenchmark
{
    private const string First = nameof(Pair.First), Second = nameof(Pair.Second), DefaultSeparator = " ? ";
    private static readonly string[] s_arms = ["joined", "pairs", "types"];
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "pairs";

    public string Summary => $"<train.csv> <test.csv> [between=\"{DefaultSeparator}\"] [encoder=<folder>] [seeds=1,2,3] [arms={string.Join(',', s_arms)}] [epochs=n]: test accuracy of texts that are split at a separator, joined, as pairs, and as pairs with token types";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || arguments.Skip(2).Any(argument => !argument.Contains('=', StringComparison.Ordinal))) throw new BenchmarkException($"{Verb}: {Summary}");
        var settings = arguments.Skip(2).Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        string between = settings.GetValueOrDefault("between", DefaultSeparator);
        var encoder = settings.TryGetValue("encoder", out string? folder) ? PretrainedEncoder.Load(folder) : null;
        IDataView train = Read(arguments[0], between), test = Read(arguments[1], between);
        foreach (string arm in settings.GetValueOrDefault("arms", string.Join(',', encoder is null ? s_arms : s_arms[..2])).Split(','))
        {
            var accuracies = new List<double>();
            foreach (string seed in settings.GetValueOrDefault("seeds", "1,2,3").Split(','))
            {
                var watch = Stopwatch.StartNew();
                var options = encoder is null ? new AttentionClassifierOptions { TokenTypes = arm == "types" ? 2 : 0 } : new AttentionClassifierOptions(encoder);
                options = options with { Training = options.Training with { Seed = int.Parse(seed, CultureInfo.InvariantCulture), Compute = new() { Threads = 1 } } };
                if (settings.TryGetValue("epochs", out string? epochs)) options = options with { Training = options.Training with { Epochs = int.Parse(epochs, CultureInfo.InvariantCulture) } };
                var model = Pipeline(arm, encoder, options).Fit(train);
                accuracies.Add(_context.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
                Print($"  {arm}, seed {seed}: {100 * accuracies[^1]:F1} %, {watch.Elapsed.TotalMinutes:F1} min");
            }
            Print($"{encoder?.Name ?? "from nothing"}, {arm}: {100 * accuracies.Average():F1} % ({string.Join(' ', accuracies.Select(accuracy => (100 * accuracy).ToString("F1", CultureInfo.InvariantCulture)))})");
        }
        return 0;
    }

    private IEstimator<ITransformer> Pipeline(string arm, PretrainedEncoder? encoder, AttentionClassifierOptions options)
    {
        var attention = _context.Attention();
        var tokens = (arm, encoder) switch
        {
            ("joined", null) => attention.TokenizeSequence("Tokens", nameof(Pair.Text)),
            ("joined", _) => attention.TokenizeSequence("Tokens", nameof(Pair.Text), encoder),
            (_, null) => attention.TokenizeSequence("Tokens", [First, Second]),
            _ => attention.TokenizeSequence("Tokens", [First, Second], encoder),
        };
        return _context.Transforms.Conversion.MapValueToKey(nameof(Pair.Label)).Append(tokens).Append(attention.Classifier(options));
    }

    private IDataView Read(string path, string between)
    {
        var data = _context.Attention().LoadCsv(path);
        var pairs = data.GetColumn<string>("Text").Zip(data.GetColumn<string>("Label"), (text, label) => text.Split(between) is [var first, var second] ? new Pair { Text = text, First = first, Second = second, Label = label }
            : throw new BenchmarkException($"{path}: '{text}' is not two texts with '{between}' between.")).ToArray();
        return _context.Data.LoadFromEnumerable(pairs);
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private sealed class Pair
    {
        public string Text { get; set; } = "";

        public string First { get; set; } = "";

        public string Second { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
