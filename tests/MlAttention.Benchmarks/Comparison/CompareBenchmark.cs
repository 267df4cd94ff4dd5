using System.Text.Json;
using MlAttention.Benchmarks.Comparison.Groups;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>Our engines beside PyTorch, one group of measurements at a time; the page is written from what the groups found.</summary>
internal sealed class CompareBenchmark : IBenchmark
{
    private const string PageGroup = "page";

    private static readonly IComparisonGroup[] _groups =
    [
        new TrainingGroup(32, (3.2, 2), (1.6, 1.1)),
        new TrainingGroup(128, (3.5, 2), (1.6, 1.1)),
        new TrainingGroup(512, (4, 2), (1.6, 1.1)),
        new VariableLengthGroup(),
        new ThreadsGroup(),
        new MemoryGroup(),
        new LatencyGroup(),
        new LimitsGroup(),
        new AblationGroup(),
    ];

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    public string Verb => "compare";

    public string Summary => $"our engines beside PyTorch; a group ({string.Join(", ", _groups.Select(group => group.Name))}), or '{PageGroup} <file>' to write the page from all groups measured";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is [PageGroup, var path])
        {
            var old = File.Exists(path) ? File.ReadAllText(path) : "";
            File.WriteAllText(path, PerformancePage.Write([.. _groups.Select(group => Read(group.Name)).OfType<GroupResult>()], old));
            return 0;
        }
        if (arguments.Count != 1 || _groups.FirstOrDefault(group => group.Name == arguments[0]) is not { } chosen)
        {
            Console.Error.WriteLine($"compare: {Summary}");
            return 2;
        }
        var result = chosen.Measure();
        Console.WriteLine(PerformancePage.Section(result));
        foreach (var goal in result.Goals) Console.WriteLine(PerformancePage.Row(goal));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(FileOf(result.Name), JsonSerializer.Serialize(result, _json));
        return 0;
    }

    /// <summary>The repository that holds the program.</summary>
    public static string Repository { get; } = Path.GetFullPath(AppContext.BaseDirectory).Split("artifacts")[0];

    /// <summary>Where results are kept.</summary>
    public static string Folder { get; } = Path.Combine(Repository, "artifacts", "benchmarks");

    private static string FileOf(string group) => Path.Combine(Folder, group + ".json");

    private static GroupResult? Read(string group) => File.Exists(FileOf(group)) ? JsonSerializer.Deserialize<GroupResult>(File.ReadAllText(FileOf(group)), _json) : null;
}
