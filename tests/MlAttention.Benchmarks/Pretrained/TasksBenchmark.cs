using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Benchmarks.Pretrained;

/// <summary>Several labels a text and a label a word on real data: measures over seeds, from nothing and from a pretrained encoder.</summary>
/// <remarks>
/// Texts of several labels are made of texts of one: a shuffled file is read in groups of one, two and three rows, whose texts are joined with
/// " and " and whose labels are taken together.
/// </remarks>
internal sealed class TasksBenchmark : IBenchmark
{
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "tasks";

    public string Summary => "multiLabel <train.csv> <test.csv> | tokenLabels <train.conll> <test.conll> [encoder=<folder>] [seeds=1,2,3] [rows=n]: F1 of test rows; multiLabel joins up to three texts into one with all their labels";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 3 || arguments.Skip(3).Any(argument => !argument.Contains('=', StringComparison.Ordinal)) || arguments[0] is not ("multiLabel" or "tokenLabels"))
            throw new BenchmarkException($"{Verb}: {Summary}");
        bool isMultiLabel = arguments[0] == "multiLabel";
        var settings = arguments.Skip(3).Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var encoder = settings.TryGetValue("encoder", out string? folder) ? PretrainedEncoder.Load(folder) : null;
        int rows = settings.TryGetValue("rows", out string? most) ? int.Parse(most, CultureInfo.InvariantCulture) : int.MaxValue;
        var (train, test) = isMultiLabel ? (Joined(arguments[1], rows), Joined(arguments[2], int.MaxValue)) : (Words(arguments[1], rows), Words(arguments[2], int.MaxValue));
        var measured = new List<(double First, double Second)>();
        foreach (string seed in settings.GetValueOrDefault("seeds", "1,2,3").Split(','))
        {
            var watch = Stopwatch.StartNew();
            var options = encoder is null ? new AttentionClassifierOptions() : new AttentionClassifierOptions(encoder);
            options = options with { Training = options.Training with { Seed = int.Parse(seed, CultureInfo.InvariantCulture), Compute = new() { Threads = 1 } } };
            measured.Add(isMultiLabel ? MultiLabel(options, encoder, train, test) : TokenLabels(options, encoder, train, test));
            Print($"  seed {seed}: {100 * measured[^1].First:F1}, {100 * measured[^1].Second:F1}; {watch.Elapsed.TotalMinutes:F1} min");
        }
        Print($"{arguments[0]}, {encoder?.Name ?? "from nothing"}: {(isMultiLabel ? "micro-F1" : "F1 of entities")} {Line(measured.Select(pair => pair.First))}, {(isMultiLabel ? "all labels right" : "words right")} {Line(measured.Select(pair => pair.Second))}");
        return 0;
    }

    private (double, double) MultiLabel(AttentionClassifierOptions options, PretrainedEncoder? encoder, IDataView train, IDataView test)
    {
        var attention = _context.Attention();
        var tokens = encoder is null ? attention.TokenizeSequence("Tokens", "Text") : attention.TokenizeSequence("Tokens", "Text", encoder);
        var model = _context.Transforms.Conversion.MapValueToKey("Label").Append(tokens)
            .Append(attention.Classifier(options with { Task = TaskKind.MultiLabel })).Fit(train);
        var metrics = attention.EvaluateMultiLabel(model.Transform(test));
        return (metrics.MicroF1, metrics.SubsetAccuracy);
    }

    private (double, double) TokenLabels(AttentionClassifierOptions options, PretrainedEncoder? encoder, IDataView train, IDataView test)
    {
        var attention = _context.Attention();
        var model = _context.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeWords("Tokens", "Words", encoder))
            .Append(attention.Classifier(options with { Task = TaskKind.TokenLabels, WordStartsColumnName = "WordStarts" })).Fit(train);
        var metrics = attention.EvaluateTokenLabels(model.Transform(test));
        return (metrics.Entities?.F1 ?? throw new BenchmarkException("The labels are none of entities."), metrics.Accuracy);
    }

    private IDataView Words(string path, int rows) => _context.Data.TakeRows(_context.Attention().LoadTokenLabels(path), rows);

    private IDataView Joined(string path, int rows)
    {
        var data = _context.Attention().LoadCsv(path);
        var texts = new Queue<(string Text, string Label)>(data.GetColumn<string>("Text").Zip(data.GetColumn<string>("Label")));
        var joined = new List<SeveralLabels>();
        for (int group = 0; texts.Count > 0 && joined.Count < rows; group++)
        {
            (string Text, string Label)[] parts = [.. Enumerable.Range(0, Math.Min(1 + group % 3, texts.Count)).Select(_ => texts.Dequeue())];
            joined.Add(new() { Text = string.Join(" and ", parts.Select(part => part.Text)), Label = [.. parts.Select(part => part.Label).Distinct()] });
        }
        return _context.Data.LoadFromEnumerable(joined);
    }

    private static string Line(IEnumerable<double> values) =>
        FormattableString.Invariant($"{100 * values.Average():F1} % ({string.Join(' ', values.Select(value => (100 * value).ToString("F1", CultureInfo.InvariantCulture)))})");

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private sealed class SeveralLabels
    {
        public string Text { get; set; } = "";

        public string[] Label { get; set; } = [];
    }
}
