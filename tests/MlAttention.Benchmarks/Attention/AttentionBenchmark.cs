using System.Globalization;
using System.Text.Json;
using MlAttention.Benchmarks.Comparison;
using TorchSharp;

namespace MlAttention.Benchmarks.Attention;

/// <summary>
/// Time and peak memory of the attention algorithms from 512 to 8192 tokens, and of gradient checkpointing: one part at a time,
/// each measurement in a process of its own; the page is written from what the parts found.
/// </summary>
internal sealed class AttentionBenchmark : IBenchmark
{
    private const string Page = "page", Checkpointing = "checkpointing";

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    private static readonly Dictionary<string, (string Workload, int Length)[]> _parts = new(
        Workload.Algorithms.Select(name => KeyValuePair.Create(name, new[] { 512, 1024, 2048, 4096, 8192 }.Select(length => (name, length)).ToArray()))
        .Append(new(Checkpointing, [("encoder", 512), ("encoder-checkpointed", 512)])));

    public string Verb => "attention";

    public string Summary => $"time and memory of attention for n = 512 to 8192; a part ({string.Join(", ", _parts.Keys)}), or '{Page} <file>' to write the page from all parts measured";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is [Page, var path])
        {
            File.WriteAllText(path, AttentionPage.Write([.. Workload.Algorithms.Select(name => KeyValuePair.Create(name, Read(name)))], Read(Checkpointing)));
            return 0;
        }
        if (arguments.Count != 1 || !_parts.TryGetValue(arguments[0], out var points))
        {
            Console.Error.WriteLine($"attention: {Summary}");
            return 2;
        }
        torch.set_num_threads(1);
        var environment = RunEnvironment.Current();
        var series = new AttentionSeries(Machine.Time(), $"{environment.Processor}, {environment.Cores} logical processors; {environment.Runtime}; {environment.Libraries}", LibTorchProduct.RequireSpeed(),
            [.. points.Select(point => Measure(point.Workload, point.Length))]);
        Directory.CreateDirectory(CompareBenchmark.Folder);
        File.WriteAllText(FileOf(arguments[0]), JsonSerializer.Serialize(series, _json));
        return 0;
    }

    private static string FileOf(string part) => Path.Combine(CompareBenchmark.Folder, $"attention-{part}.json");

    private static AttentionSeries Read(string part) => File.Exists(FileOf(part))
        ? JsonSerializer.Deserialize<AttentionSeries>(File.ReadAllText(FileOf(part)), _json)!
        : throw new BenchmarkException($"{FileOf(part)} is missing. Measure the part first: attention {part}");

    private static AttentionPoint Measure(string workload, int length)
    {
        var answer = OwnProcess.Output("attention-one", workload, length.ToString(CultureInfo.InvariantCulture));
        var figures = answer.Split(' ', StringSplitOptions.TrimEntries);
        var point = new AttentionPoint(workload, length, double.Parse(figures[0], CultureInfo.InvariantCulture), long.Parse(figures[1], CultureInfo.InvariantCulture) / 1e6);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload} n = {length}: {point.Milliseconds:F1} ms, {point.Megabytes:F1} MB"));
        return point;
    }
}
