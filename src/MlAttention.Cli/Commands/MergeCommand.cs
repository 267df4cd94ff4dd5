using MlAttention.Ablation.Runs;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention ablate merge: puts the runs of several shards together and makes the one report.</summary>
internal sealed class MergeCommand : AblationCommand
{
    private readonly AblationInput _input = new("The CSV file that the shards ran on.", "The CSV file with the test texts, if the shards had one.");
    private readonly PretrainedOptions _pretrained = new();
    private readonly Argument<string[]> _shards = new("folders") { Description = "The shards' folders (their --out).", Arity = ArgumentArity.OneOrMore };

    public MergeCommand(CliConsole console) : base(console, "merge", "Put the runs of several shards together; the report is the one that a single run would have given.") =>
        Declare([_input.Data, _shards, _input.Test, _pretrained.EncoderOption, Output, _input.NoTexts, Png, Verbose, .. Common, .. _input.Reading]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        var folder = OpenFolder(parsed);
        string[] folders = [.. parsed.GetValue(_shards)!.Select(shard => new AblationFolder(shard).Runs)];
        var header = CommonHeader(folders);
        var (ablator, plan) = _input.Prepare(parsed, WithEncoder(header.Plan, _pretrained.Load(parsed)), Console.Error.WriteLine, tell: _ => { }, cancellation);
        if (!header.IsSameAs(new(plan, ablator.Summary))) throw new InputException($"{parsed.GetValue(_input.Data)} is not the data that the shards ran on (its texts, columns or labels differ).");
        var runs = Collect(plan, [.. folders.Select(path => FolderRunStore.Open(path, header))]);
        return Publish(parsed, folder, ablator.Report(runs, TimeSpan.Zero));
    }

    private static AblationPlan WithEncoder(AblationPlan plan, PretrainedEncoder? encoder)
    {
        if (encoder is not null) return plan.With(encoder);
        return plan.PretrainedDetails?.Encoder is not { } needed ? plan : throw new InputException($"The shards are of the pretrained encoder {needed.Name}; name it with --pretrained, as they did.");
    }

    private static AblationHeader CommonHeader(string[] folders)
    {
        var header = FolderRunStore.ReadHeader(folders[0]);
        foreach (string folder in folders.Skip(1))
            if (!FolderRunStore.ReadHeader(folder).IsSameAs(header)) throw new InputException($"{folder} and {folders[0]} hold runs of different plans or data, so they cannot be merged.");
        return header;
    }

    private static List<AblationRun> Collect(AblationPlan plan, FolderRunStore[] stores)
    {
        var found = new List<AblationRun>();
        var missing = new List<string>();
        foreach (var (setup, seed) in AblationRunner.RunsOf(plan))
        {
            var candidates = stores.Select(store => store.Find(setup, seed)).OfType<AblationRun>().ToArray();
            if ((candidates.FirstOrDefault(run => run.Failure is null) ?? candidates.FirstOrDefault()) is { } run) found.Add(run);
            else missing.Add(FormattableString.Invariant($"{setup.Name} seed {seed}"));
        }
        return missing.Count == 0 ? found : throw new InputException($"In no folder: {ReportText.Quantity(missing.Count, "run")}, {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", ..." : "")}. Run their shards first.");
    }
}
