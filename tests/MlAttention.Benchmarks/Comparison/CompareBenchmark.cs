using System.Diagnostics;
using System.Text.Json;
using MlAttention.Benchmarks.Comparison.Groups;
using MlAttention.Torch.Engine;
using TorchSharp;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>Our engines beside libtorch, one group of measurements at a time; the page is written from what the groups found.</summary>
internal sealed class CompareBenchmark : IBenchmark
{
    private const string PageGroup = "page", AllGroups = "all";

    private static readonly IComparisonGroup[] _groups =
    [
        new TrainingGroup("training-32", "width 64, n = 32", new Setting(ReferenceModel.Small, Rows: 32, Length: 32), overFloor: 1.25),
        new TrainingGroup("training-128", "width 64, n = 128", new Setting(ReferenceModel.Small, Rows: 32, Length: 128), overFloor: 1.25),
        new TrainingGroup("training-512", "width 64, n = 512", new Setting(ReferenceModel.Small, Rows: 32, Length: 512), overFloor: 1.25),
        new TrainingGroup("training-minilm", "MiniLM's size, n = 32", new Setting(ReferenceModel.MiniLm, Rows: 16, Length: 32), overFloor: 1.3, faster: (1.3, 1.15)),
        new TrainingGroup("training-base", "BERT-base's width, 2 layers, n = 32", new Setting(ReferenceModel.Base, Rows: 16, Length: 32), overFloor: 1.3, faster: (1.3, 1.15)),
        new VariableLengthGroup(),
        new ThreadsGroup(),
        new MemoryGroup(),
        new ScoringGroup("latency", "Scoring, width 64", ReferenceModel.Small, new(1, 16), new(1, 32), new(1, 128), new(1, 512)),
        new ScoringGroup("scoring-minilm", "Scoring, MiniLM's size", ReferenceModel.MiniLm, new(1, 16, Faster: 1.5), new(1, 32, Faster: 1.4), new(1, 128, Faster: 1.25), new(32, 32, OverFloor: 1.12)),
        new OnnxRuntimeGroup(),
        new LimitsGroup(),
        new AblationGroup(),
    ];

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    public string Verb => "compare";

    public string Summary => $"our engines beside libtorch; a group ({string.Join(", ", _groups.Select(group => group.Name))}), '{AllGroups}' for one after the other, or '{PageGroup} <file>' to write the page, its chart and the page of goals from all groups measured";

    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments is [PageGroup, var path])
        {
            GroupResult[] groups = [.. _groups.Select(group => Read(group.Name)).OfType<GroupResult>()];
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            File.WriteAllText(path, PerformancePage.Write(groups));
            foreach (var isDark in new[] { false, true })
                if (PerformanceChart.Draw(groups, isDark) is { } chart) File.WriteAllText(Path.Combine(folder, PerformanceChart.FileName(isDark)), chart);
            var goals = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "internal")).FullName, PerformanceGoalsPage.FileName);
            File.WriteAllText(goals, PerformanceGoalsPage.Write(groups, File.Exists(goals) ? File.ReadAllText(goals) : ""));
            return 0;
        }
        if (arguments is [AllGroups]) return RunAll();
        if (arguments.Count != 1 || _groups.FirstOrDefault(group => group.Name == arguments[0]) is not { } chosen)
        {
            Console.Error.WriteLine($"compare: {Summary}");
            return 2;
        }
        Measure(chosen);
        return 0;
    }

    /// <summary>The repository that holds the program.</summary>
    public static string Repository { get; } = Path.GetFullPath(AppContext.BaseDirectory).Split("artifacts")[0];

    /// <summary>Where results are kept.</summary>
    public static string Folder { get; } = Path.Combine(Repository, "artifacts", "benchmarks");

    private static void Measure(IComparisonGroup group)
    {
        NativeAllocator.Tune();
        torch.set_num_threads(1);
        var speed = LibTorchProduct.RequireSpeed();
        var result = group.Measure() with { Measured = Machine.Time(), Machine = Machine.Describe(speed) };
        Console.WriteLine(PerformancePage.Section(result));
        foreach (var goal in result.Goals) Console.WriteLine(PerformanceGoalsPage.Row(goal));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(FileOf(result.Name), JsonSerializer.Serialize(result, _json));
    }

    /// <summary>Each group in a process of its own; one that fails does not keep the others from running.</summary>
    private int RunAll()
    {
        var failures = 0;
        foreach (var group in _groups)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                Console.WriteLine(OwnProcess.Output(Verb, group.Name));
            }
            catch (BenchmarkException exception)
            {
                failures++;
                Console.WriteLine(exception.Message);
            }
            Console.WriteLine(FormattableString.Invariant($"{group.Name}: {watch.Elapsed.TotalSeconds:F0} s\n"));
        }
        return failures == 0 ? 0 : 1;
    }

    private static string FileOf(string group) => Path.Combine(Folder, group + ".json");

    private static GroupResult? Read(string group) => File.Exists(FileOf(group)) ? JsonSerializer.Deserialize<GroupResult>(File.ReadAllText(FileOf(group)), _json) : null;
}
