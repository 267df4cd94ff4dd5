using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MlAttention.Ablation.Studies;
using MlAttention.Benchmarks.Comparison;
using TorchSharp;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>
/// Attention against recurrent and convolutional encoders: docs/COMPARISON.md and the numbers of its pictures. One part at a time, each in a
/// process of its own; the page is written from what the parts found.
/// </summary>
internal sealed class EncodersBenchmark : IBenchmark
{
    private const string All = "all", Page = "page", Snips = "snips7", OneMemory = "memory-one";

    private static readonly int[] s_lengths = [16, 64, 256, 1024];

    private static readonly Dictionary<string, Func<EncoderPlan, IReadOnlyList<string>, IEnumerable<EncoderFindings>>> s_parts = new()
    {
        ["counts"] = (_, _) => [new() { Counts = EncoderPass.Count(s_lengths) }],
        ["times"] = (plan, _) => [Times(plan)],
        ["reach"] = (_, _) => [new() { Reaches = GradientReach.Reach([1, 2, 3, 4], length: 128) }],
        ["gradients"] = (plan, _) => [new() { Gradients = GradientReach.Measure(plan.GradientDistance, plan.Training) }],
        ["memory"] = (_, _) => Contestant.Measured.SelectMany(contestant => new[] { 256, 512, 1024, 2048 }.Select(length => new EncoderFindings { Memory = [Memory(contestant, length)] })),
        [RecallTask.Name] = (plan, _) => RecallTask.Measure(plan.Distances, plan.Seeds, plan.Training).Select(Found),
        ["word_order"] = (plan, _) => Hunger(plan, "word_order", mostRows: 3840),
        ["negation_scope"] = (plan, _) => Hunger(plan, "negation_scope", mostRows: 2400),
        ["keyword_topics"] = (plan, _) => Hunger(plan, "keyword_topics", mostRows: 1600),
        [Snips] = (plan, files) => files is [var train, var test] ? DataHunger.Measure(Snips, train, test, plan.Rows, plan.Seeds, plan.Training).Select(Found)
            : throw new BenchmarkException($"{Snips} needs the paths of its train.csv and test.csv."),
    };

    public string Verb => "encoders";

    public string Summary => $"attention against RNN and CNN: '<plan> {All} <train.csv> <test.csv>' with a plan ({string.Join(", ", EncoderPlan.All.Select(plan => plan.Name))}) and the files of SNIPS for every part ({string.Join(", ", s_parts.Keys)}) and then the page, '<plan> <part>' for one, or '{Page}' to write docs/COMPARISON.md and its numbers from all parts measured";

    public int Run(IReadOnlyList<string> arguments)
    {
        switch (arguments)
        {
            case [OneMemory, var name, var length]:
                Console.WriteLine(MeasureMemory(Contestant.Measured.First(contestant => contestant.Name == name), int.Parse(length, CultureInfo.InvariantCulture)));
                return 0;
            case [Page]:
                WritePage();
                return 0;
            case [var name, All, var train, var test] when Find(name) is { } plan:
                return RunAll(plan, [train, test]);
            case [var name, var part, ..] when Find(name) is { } plan && s_parts.TryGetValue(part, out var measure):
                Measure(part, plan, () => measure(plan, [.. arguments.Skip(2)]));
                return 0;
            default:
                Console.Error.WriteLine($"{Verb}: {Summary}");
                return 2;
        }
    }

    /// <summary>What is found is kept as it comes, so that a part that is broken off leaves what it has.</summary>
    private static void Measure(string part, EncoderPlan plan, Func<IEnumerable<EncoderFindings>> measure)
    {
        torch.set_num_threads(1);
        torch.manual_seed(1);
        var (environment, watch) = (RunEnvironment.Current(), Stopwatch.StartNew());
        var found = new List<EncoderFindings>();
        Directory.CreateDirectory(CompareBenchmark.Folder);
        foreach (var findings in measure())
        {
            found.Add(findings);
            var note = new PartNote(part, plan.Name, Machine.Time(), $"{environment.Processor}, {environment.Cores} logical processors; {environment.Runtime}; {environment.Libraries}", Math.Round(watch.Elapsed.TotalSeconds), Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds));
            (EncoderFindings.Of(found) with { Parts = [note] }).Write(FileOf(part));
        }
        Console.WriteLine(FormattableString.Invariant($"{part}: {watch.Elapsed.TotalSeconds:F0} s"));
    }

    /// <summary>What is timed comes first and alone; then two parts at a time, each on one thread, the longest first.</summary>
    private int RunAll(EncoderPlan plan, IReadOnlyList<string> snips)
    {
        string[] alone = ["times", "memory"], longest = [Snips, RecallTask.Name];
        foreach (string part in alone) Run(part);
        Parallel.ForEach(Partitioner.Create([.. longest, .. s_parts.Keys.Except([.. longest, .. alone])], EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = 2 }, Run);
        WritePage();
        return 0;

        void Run(string part) => Console.WriteLine(OwnProcess.Output([Verb, plan.Name, part, .. part == Snips ? snips : []]));
    }

    private static void WritePage()
    {
        string[] missing = [.. s_parts.Keys.Where(part => !File.Exists(FileOf(part)))];
        if (missing.Length > 0) Console.WriteLine($"Not measured yet, which the page says: {string.Join(", ", missing)}. To measure: encoders <plan> <part>");
        var findings = EncoderFindings.Of([.. s_parts.Keys.Except(missing).Select(part => EncoderFindings.Read(FileOf(part)))]);
        string docs = Path.Combine(CompareBenchmark.Repository, "docs"), page = Path.Combine(docs, ComparisonTables.PageName);
        findings.Write(Path.Combine(docs, "pictures", ComparisonTables.NumbersName));
        File.WriteAllText(page, ComparisonTables.Fill(File.ReadAllText(page), findings));
        Console.WriteLine("Written: docs/COMPARISON.md and docs/pictures/encoders.json. The pictures: eng/pictures.sh");
    }

    private static EncoderPlan? Find(string name) => EncoderPlan.All.FirstOrDefault(plan => plan.Name == name);

    private static EncoderFindings Times(EncoderPlan plan)
    {
        LibTorchProduct.RequireSpeed();
        return new() { Times = EncoderPass.Time([1, 32], plan.TimedLengths, [1, 2], rounds: 3, seconds: 0.1) };
    }

    /// <param name="plan">The plan.</param>
    /// <param name="dataset">A file of datasets.</param>
    /// <param name="mostRows">Its training rows: what is left when a fifth is for the test.</param>
    private static IEnumerable<EncoderFindings> Hunger(EncoderPlan plan, string dataset, int mostRows) =>
        DataHunger.Measure(dataset, Path.Combine(CompareBenchmark.Repository, "datasets", dataset + ".csv"), testPath: null, [.. plan.Rows.Where(rows => rows <= mostRows)], plan.Seeds, plan.Training).Select(Found);

    private static EncoderFindings Found(AccuracyPoint point) => new() { Accuracies = [point] };

    private static MemoryPoint Memory(Contestant contestant, int length)
    {
        double megabytes = long.Parse(OwnProcess.Output("encoders", OneMemory, contestant.Name, length.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture) / 1e6;
        Console.WriteLine(FormattableString.Invariant($"{contestant.Name} n = {length}: {megabytes:F1} MB"));
        return new(contestant.Name, length, megabytes);
    }

    /// <summary>In this process, which does nothing else.</summary>
    private static long MeasureMemory(Contestant contestant, int length)
    {
        torch.set_num_threads(1);
        EncoderPass.Create(contestant, batch: 1, length: 32)();      // loads and compiles everything
        return PeakMemory.Growth(EncoderPass.Create(contestant, batch: 1, length)) ?? throw new BenchmarkException("Peak memory is measured on Linux alone.");
    }

    private static string FileOf(string part) => Path.Combine(CompareBenchmark.Folder, $"encoders-{part}.json");
}
