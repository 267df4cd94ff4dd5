using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Benchmarks.Data;

/// <summary>
/// A classifier of half of a file's labels is trained on with rows of all of them: how many epochs it takes to a given accuracy, beside one
/// that starts from nothing on the same rows, with the same held-out rows, batches and seed.
/// </summary>
internal sealed class ContinueBenchmark : IBenchmark
{
    private static readonly double[] s_goals = [0.8, 0.9, 0.95, 0.97, 0.98];
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "continue";

    public string Summary => "<train.csv> <test.csv> [rows=0] [old=rows] [epochs=12] [rate=0.001] [seeds=1,2,3]: train on half of the labels, go on with all; rows of each label, and of each old one, for going on; 0 for all";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2 || arguments.Skip(2).Any(argument => !argument.Contains('=', StringComparison.Ordinal))) throw new BenchmarkException($"{Verb}: {Summary}");
        var given = arguments.Skip(2).Select(argument => argument.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        string Value(string name, string otherwise) => given.GetValueOrDefault(name, otherwise);
        int rows = int.Parse(Value("rows", "0"), CultureInfo.InvariantCulture), oldRows = int.Parse(Value("old", Value("rows", "0")), CultureInfo.InvariantCulture), epochs = int.Parse(Value("epochs", "12"), CultureInfo.InvariantCulture);
        double rate = double.Parse(Value("rate", "0.001"), CultureInfo.InvariantCulture);
        int[] seeds = [.. Value("seeds", "1,2,3").Split(',').Select(seed => int.Parse(seed, CultureInfo.InvariantCulture))];

        TextRow[] file = Read(arguments[0]), all = file[..^(file.Length / 10)], heldOut = file[all.Length..];
        string[] labels = [.. file.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)], old = labels[..(labels.Length / 2)];
        var known = View(all.Where(row => old.Contains(row.Label)));
        var more = View(all.GroupBy(row => row.Label).SelectMany(label => (old.Contains(label.Key) ? oldRows : rows) is > 0 and var count ? label.Take(count) : label));
        var (dev, test) = (View(heldOut), Read(arguments[1]));
        Print($"{labels.Length} labels; before: all rows of {old.Length} of them ({string.Join(", ", old)}); then {Count(rows)} rows of each new label and {Count(oldRows)} of each old one; {epochs} epochs at {rate}; {heldOut.Length} rows held out");
        var results = new Dictionary<string, List<Curve>> { ["from nothing"] = [], ["going on"] = [] };
        foreach (int seed in seeds)
        {
            var earlier = Fit(null, known, View(heldOut.Where(row => old.Contains(row.Label))), epochs: 12, rate: 0.001, seed);
            foreach (var (name, curves) in results)
            {
                var model = Fit(name == "going on" ? earlier : null, more, dev, epochs, rate, seed);
                var history = Classifier(model).History;
                double Accuracy(Func<TextRow, bool> which) => _context.MulticlassClassification.Evaluate(model.Transform(View(test.Where(which)))).MicroAccuracy;
                curves.Add(new([.. history.Select(epoch => epoch.ValidationAccuracy ?? 0)], Accuracy(_ => true)));
                Print($"  seed {seed} {name,-12}: held out {string.Join(' ', history.Select(epoch => (100 * epoch.ValidationAccuracy ?? 0).ToString("F1", CultureInfo.InvariantCulture)))}; test {100 * curves[^1].Test:F2} %, of old labels {100 * Accuracy(row => old.Contains(row.Label)):F2} %, of new ones {100 * Accuracy(row => !old.Contains(row.Label)):F2} %");
            }
        }
        foreach (var (name, curves) in results)
        {
            string reached = string.Join(", ", s_goals.Select(goal => $"{(100 * goal).ToString("F0", CultureInfo.InvariantCulture)} % after {string.Join('/', curves.Select(curve => curve.EpochOf(goal)))}"));
            Print($"{name,-12}: epochs of each seed to {reached}; test {100 * curves.Average(curve => curve.Test):F2} %");
        }
        return 0;
    }

    private static string Count(int rows) => rows == 0 ? "all" : rows.ToString(CultureInfo.InvariantCulture);

    /// <summary>A classifier from nothing, or one that goes on from an earlier one; the held-out rows choose its epoch.</summary>
    private ITransformer Fit(ITransformer? earlier, IDataView data, IDataView heldOut, int epochs, double rate, int seed)
    {
        var training = new TrainingOptions { Epochs = epochs, Seed = seed, Patience = 0, Optimizer = new() { LearningRate = rate } };
        var attention = _context.Attention();
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", keyData: earlier is null ? null : attention.LabelKeys(earlier, data));
        var tokenizer = attention.TokenizeSequence(earlier is null ? new() : Parts(earlier).OfType<SequenceTokenizingTransformer>().Single().ContinueOptions());
        var reading = keys.Append(tokenizer).Fit(data);
        var options = earlier is null ? new AttentionClassifierOptions() : new AttentionClassifierOptions(Classifier(earlier));
        var classifier = attention.Classifier(options with { Training = training }).Fit(reading.Transform(data), reading.Transform(heldOut));
        return new TransformerChain<ITransformer>([reading, classifier]);
    }

    private TextRow[] Read(string path) => [.. _context.Data.CreateEnumerable<TextRow>(_context.Attention().LoadCsv(path), reuseRowObject: false)];

    private IDataView View(IEnumerable<TextRow> rows) => _context.Data.LoadFromEnumerable(rows.ToArray());

    private static AttentionClassifierModel Classifier(ITransformer model) => Parts(model).OfType<AttentionClassifierTransformer>().Single().Model;

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    /// <summary>Accuracy on the held-out rows after each epoch, and on the test rows at the end.</summary>
    private sealed record Curve(double[] HeldOut, double Test)
    {
        public string EpochOf(double goal) => Array.FindIndex(HeldOut, accuracy => accuracy >= goal) is >= 0 and var epoch ? (epoch + 1).ToString(CultureInfo.InvariantCulture) : "-";
    }
}
