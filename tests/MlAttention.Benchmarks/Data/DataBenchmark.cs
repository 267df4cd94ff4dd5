using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Core.Randomness;

namespace MlAttention.Benchmarks.Data;

/// <summary>
/// Rate of the data path over short texts: learning the vocabulary and turning texts into keys. Beside it,
/// ML.NET's FeaturizeText over the same rows.
/// </summary>
internal sealed class DataBenchmark : IBenchmark
{
    private const int Rows = 100_000, Words = 5000, ShortestText = 4, LongestText = 14, Turns = 7;
    private readonly MLContext _context = new(seed: 1);

    public string Verb => "data";

    public string Summary => "rows a second of TokenizeSequence over 100,000 short texts and of ML.NET's FeaturizeText";

    public int Run(IReadOnlyList<string> arguments)
    {
        var rows = Texts();
        var data = _context.Data.LoadFromEnumerable(rows);
        Print($"{Rows} texts, {rows.Average(row => row.Text.Length):F0} characters and {rows.Average(row => row.Text.Split(' ').Length):F1} words on average");
        var tokenizer = _context.Attention().TokenizeSequence("Tokens", "Text");
        var fitted = tokenizer.Fit(data);
        Report("reading the texts only", () => Read<ReadOnlyMemory<char>>(data, "Text"));
        Report("TokenizeSequence: transform", () => Read<VBuffer<uint>>(fitted.Transform(data), "Tokens"));
        Report("TokenizeSequence: fit and transform", () => Read<VBuffer<uint>>(tokenizer.Fit(data).Transform(data), "Tokens"));
        var featurizer = _context.Transforms.Text.FeaturizeText("Features", "Text");
        var featurized = featurizer.Fit(data);
        Report("FeaturizeText: transform", () => Read<VBuffer<float>>(featurized.Transform(data), "Features"));
        Report("FeaturizeText: fit and transform", () => Read<VBuffer<float>>(featurizer.Fit(data).Transform(data), "Features"));
        return 0;
    }

    private static void Report(string name, Action pass)
    {
        pass();
        var seconds = Enumerable.Range(0, Turns).Select(_ => Time(pass)).Order().ToArray();
        Print($"{name,-38} {Rows / seconds[Turns / 2],12:N0} rows/s (median of {Turns}; best {Rows / seconds[0]:N0})");
    }

    private static double Time(Action pass)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        pass();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Read<T>(IDataView data, string column)
    {
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var getter = cursor.GetGetter<T>(data.Schema[column]);
        T value = default!;
        while (cursor.MoveNext()) getter(ref value);
    }

    /// <summary>Texts of words drawn by Zipf's law, with capitals and punctuation.</summary>
    private static TextRow[] Texts()
    {
        var random = new Xoshiro256(11);
        var words = Enumerable.Range(0, Words).Select(_ => new string([.. Enumerable.Range(0, 2 + random.NextInt(8)).Select(_ => (char)('a' + random.NextInt(26)))])).ToArray();
        return [.. Enumerable.Range(0, Rows).Select(_ => new TextRow { Text = Sentence(random, words) })];
    }

    private static string Sentence(Xoshiro256 random, string[] words)
    {
        var drawn = Enumerable.Range(0, ShortestText + random.NextInt(LongestText - ShortestText + 1)).Select(_ => words[(int)Math.Pow(Words, random.NextDouble()) - 1]).ToArray();
        var text = string.Join(' ', drawn);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}{(random.NextInt(2) == 0 ? "." : "?")}";
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }
}
