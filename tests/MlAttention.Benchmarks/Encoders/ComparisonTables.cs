using System.Globalization;
using System.Text.RegularExpressions;
using MlAttention.Ablation.Statistics;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>The tables of docs/COMPARISON.md, each between "table: name" and "end of table", from what was measured.</summary>
internal static partial class ComparisonTables
{
    public const string PageName = "COMPARISON.md", NumbersName = "encoders.json";

    private const double Level = 0.95;

    /// <summary>The data sets, and the task of recalling a token.</summary>
    private static readonly string[] s_tasks = [RecallTask.Name, "word_order", "negation_scope", "keyword_topics", "snips7"];

    /// <summary>The page with every table as the findings have it.</summary>
    /// <exception cref="ArgumentException">The page asks for a table that is not known.</exception>
    public static string Fill(string page, EncoderFindings findings) => Place().Replace(page, match =>
        match.Groups["start"].Value + string.Join('\n', Table(match.Groups["name"].Value, findings)) + "\n" + match.Groups["end"].Value);

    private static IEnumerable<string> Table(string name, EncoderFindings findings) => IsMeasured(name, findings) ? Measured(name, findings) : ["Not measured yet."];

    private static bool IsMeasured(string name, EncoderFindings findings) => name switch
    {
        "encoders" or "plan" or "parts" => true,
        "chains" or "multiplications" => findings.Counts.Count > 0,
        "times-1" or "times-32" or "threads" => findings.Times.Count > 0,
        "reach" => findings.Reaches.Count > 0,
        "gradients" => findings.Gradients.Count > 0,
        "memory" => findings.Memory.Count > 0,
        _ => s_tasks.Contains(name) ? findings.Accuracies.Any(point => point.Task == name) : throw new ArgumentException($"There is no table \"{name}\"."),
    };

    private static IEnumerable<string> Measured(string name, EncoderFindings findings) => name switch
    {
        "encoders" => Encoders(),
        "chains" => Chains(findings),
        "multiplications" => ByLength(Contestant.Courses, findings.Counts.Select(point => (point.Encoder, point.Length, (double)point.Multiplications / 1e6))),
        "times-1" => Times(findings, batch: 1),
        "times-32" => Times(findings, batch: 32),
        "threads" => Threads(findings),
        "reach" => Reaches(findings),
        "gradients" => Gradients(findings),
        "memory" => ByLength(Contestant.Measured, findings.Memory.Select(point => (point.Encoder, point.Length, point.Megabytes))),
        "plan" => findings.Parts.Select(part => EncoderPlan.All.First(plan => plan.Name == part.Plan).Words()).Distinct(),
        "parts" => findings.Parts.Select(part => Invariant($"| `{part.Part}` | {part.Seconds:F0} s | {part.ProcessorSeconds:F0} s | {part.Measured} UTC |")).Prepend("|---|---:|---:|---|").Prepend("| part | on the wall | of one processor | measured |").Append("").Append($"Machine: {string.Join("; ", findings.Parts.Select(part => part.Machine).Distinct())}."),
        _ => Accuracies(findings, name),
    };

    private static IEnumerable<string> Encoders() => Lines(["encoder", "layers", "weights"],
        Contestant.Courses.Select(contestant => new[] { contestant.Name, Invariant($"{contestant.Model.Layers}"), contestant.Parameters.ToString("N0", CultureInfo.InvariantCulture) }));

    private static IEnumerable<string> Chains(EncoderFindings findings)
    {
        int[] lengths = [.. findings.Counts.Select(point => point.Length).Distinct()];
        return Lines(["n", .. Contestant.Courses.Select(contestant => contestant.Name)],
            lengths.Select(length => Row(Invariant($"{length}"), Contestant.Courses.Select(contestant => Invariant($"{findings.Counts.First(point => point.Encoder == contestant.Name && point.Length == length).Chain}")))));
    }

    private static IEnumerable<string> Times(EncoderFindings findings, int batch)
    {
        var points = findings.Times.Where(point => point.Batch == batch && point.Threads == 1).ToLookup(point => point.Length);
        return Lines(["n", "attention, ms", .. Contestant.Timed.Skip(1).Select(contestant => contestant.Name)], points.Select(ofLength =>
        {
            double attention = Of(ofLength, Contestant.Attention).Milliseconds;
            return Row(Invariant($"{ofLength.Key}"), Contestant.Timed.Skip(1).Select(contestant => Times(Of(ofLength, contestant).Milliseconds / attention)).Prepend(Figure(attention)));
        }));
    }

    private static IEnumerable<string> Threads(EncoderFindings findings)
    {
        var points = findings.Times.ToLookup(point => (point.Batch, point.Length));
        return Lines(["batch", "n", .. Contestant.Timed.Select(contestant => contestant.Name)], points.Select(cell =>
            Row(Invariant($"{cell.Key.Batch}"), Contestant.Timed.Select(contestant => Times(SpeedUp(cell, contestant))).Prepend(Invariant($"{cell.Key.Length}")))));
    }

    /// <summary>How many times as fast two threads are as one.</summary>
    public static double SpeedUp(IEnumerable<TimePoint> ofOneSize, Contestant contestant)
    {
        var times = ofOneSize.Where(point => point.Encoder == contestant.Name).ToDictionary(point => point.Threads, point => point.Milliseconds);
        return times[1] / times[2];
    }

    private static IEnumerable<string> Reaches(EncoderFindings findings) => Lines(["layers", .. Contestant.Timed.Select(contestant => contestant.Name)],
        findings.Reaches.GroupBy(point => point.Layers).Select(layers => Row(Invariant($"{layers.Key}"), Contestant.Timed.Select(contestant => Invariant($"{layers.First(point => point.Encoder == contestant.Name).Distance}")))));

    private static IEnumerable<string> Gradients(EncoderFindings findings)
    {
        int last = findings.Gradients[0].Norms.Count - 1;
        int[] distances = [.. new[] { 0, 1, 2, 4, 5, 8, 16 }.Where(distance => distance < last), last];
        return Lines(["weights", "encoder", .. distances.Select(distance => Invariant($"d = {distance}"))],
            findings.Gradients.Select(curve => Row(curve.IsTrained ? "trained" : "initial", distances.Select(distance => curve.Norms[distance] == 0 ? "0" : curve.Norms[distance].ToString("0.0e+0", CultureInfo.InvariantCulture)).Prepend(curve.Encoder))));
    }

    private static IEnumerable<string> ByLength(IReadOnlyList<Contestant> contestants, IEnumerable<(string Encoder, int Length, double Figure)> points)
    {
        var lengths = points.ToLookup(point => point.Length);
        string Exponent(Contestant contestant)
        {
            var ends = points.Where(point => point.Encoder == contestant.Name).OrderBy(point => point.Length).TakeLast(2).ToArray();
            return Invariant($"{Math.Log(ends[1].Figure / ends[0].Figure) / Math.Log((double)ends[1].Length / ends[0].Length):F2}");
        }
        return Lines(["n", .. contestants.Select(contestant => contestant.Name)],
            lengths.Select(length => Row(Invariant($"{length.Key}"), contestants.Select(contestant => Figure(length.First(point => point.Encoder == contestant.Name).Figure)))).Append(Row("exponent at the end", contestants.Select(Exponent))));
    }

    private static IEnumerable<string> Accuracies(EncoderFindings findings, string task)
    {
        var points = findings.Accuracies.Where(point => point.Task == task).ToArray();
        string[] encoders = [.. points.Select(point => point.Encoder).Distinct()];
        return Lines([task == RecallTask.Name ? "d" : "rows", .. encoders], points.GroupBy(point => point.Size).Select(size =>
            Row(Invariant($"{size.Key:N0}"), encoders.Select(encoder => size.FirstOrDefault(point => point.Encoder == encoder) is { } point ? Accuracy(point) : ""))));
    }

    /// <summary>Mean and half width of Student's interval over seeds, in per cent.</summary>
    private static string Accuracy(AccuracyPoint point)
    {
        var interval = PairedTTest.Interval(point.Seeds, Level)!;
        return Invariant($"{100 * point.Seeds.Average():F1} ± {50 * (interval.Upper - interval.Lower):F1}");
    }

    private static TimePoint Of(IEnumerable<TimePoint> points, Contestant contestant) => points.First(point => point.Encoder == contestant.Name);

    private static string Times(double ratio) => ratio.ToString(ratio < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + "x";

    private static string Figure(double figure) => figure.ToString(figure < 10 ? "F2" : figure < 100 ? "F1" : "N0", CultureInfo.InvariantCulture);

    private static string[] Row(string first, IEnumerable<string> cells) => [first, .. cells];

    private static IEnumerable<string> Lines(string[] columns, IEnumerable<string[]> rows) => rows.Prepend([.. columns.Select(_ => "---:")]).Prepend(columns).Select(cells => $"| {string.Join(" | ", cells)} |");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"(?<start><!-- table: (?<name>[\w-]+) -->\n)(?:.*?\n)??(?<end><!-- end of table -->)", RegexOptions.Singleline)]
    private static partial Regex Place();
}
