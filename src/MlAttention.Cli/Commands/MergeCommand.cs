using MlAttention.Ablation.Runs;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention ablate merge: puts the runs of several shards together and makes the one report.</summary>
internal static class MergeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var data = new Argument<string>("data") { Description = "The CSV file that the shards ran on." };
        var shards = new Argument<string[]>("folders") { Description = "The shards' folders (their --out).", Arity = ArgumentArity.OneOrMore };
        var test = new Option<string?>("--test") { Description = "The CSV file with the test texts, if the shards had one." };
        var input = new CsvInput();
        var output = AblateCommand.OutputOption();
        var png = AblateCommand.PngOption();
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("merge", "Put the runs of several shards together; the report is the one that a single run would have given.") { data, shards, test, output, png, force, quiet, json };
        input.AddTo(command, grouped: true);
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            var folder = new AblationFolder(parsed.GetValue(output)!);
            folder.RequireWritable(parsed.GetValue(force), parsed.GetValue(png));
            string[] folders = [.. parsed.GetValue(shards)!.Select(shard => new AblationFolder(shard).Runs)];
            var header = CommonHeader(folders);
            var ablator = AblateCommand.Prepare(console.Error.WriteLine, silent: true, input, parsed, parsed.GetValue(data)!, parsed.GetValue(test), header.Plan, out var plan, cancellation);
            if (Text(new(plan, ablator.Summary)) != Text(header)) throw new InputException($"{parsed.GetValue(data)} is not the data that the shards ran on (its texts, columns or labels differ).");
            var runs = Collect(plan, [.. folders.Select(path => FolderRunStore.Open(path, header))]);
            var report = ablator.Report(runs, TimeSpan.Zero);
            return Task.FromResult(folder.Publish(report, console, parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(png)));
        });
        return command;
    }

    private static AblationHeader CommonHeader(string[] folders)
    {
        var header = FolderRunStore.ReadHeader(folders[0]);
        foreach (string folder in folders.Skip(1))
            if (Text(FolderRunStore.ReadHeader(folder)) != Text(header)) throw new InputException($"{folder} and {folders[0]} hold runs of different plans or data, so they cannot be merged.");
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

    private static string Text(AblationHeader header) => JsonSerializer.Serialize(header, AblationJson.Options);
}
