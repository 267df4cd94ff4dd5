using System.Diagnostics;
using MlAttention.Ablation;
using MlAttention.Ablation.Runs;
using MlAttention.Ablation.Studies;
using MlAttention.Cli.Remarks;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention ablate: what is token order worth on the user's own CSV?</summary>
internal static class AblateCommand
{
    /// <summary>Builds the command and its subcommand merge.</summary>
    public static Command Create(CliConsole console)
    {
        var plan = new AblationOptions();
        var data = new Argument<string>("data") { Description = "CSV file with a text and a label column." };
        var test = new Option<string?>("--test") { Description = "CSV file with the test texts; without it a share of the data is set apart." };
        var input = new CsvInput();
        var output = OutputOption();
        var shard = new Option<string?>("--shard") { Description = "Do only the runs of shard i of N (for example 2/8) and store them; put them together with: mlattention ablate merge." };
        var lengths = new Option<bool>("--length-study") { Description = "Also train every scheme on short texts of a made task and test it on texts up to 4 times as long." };
        var complexity = new Option<bool>("--complexity-study") { Description = "Also measure how time and memory grow with length and width." };
        var png = PngOption();
        var force = new Option<bool>("--force") { Description = "Replace an earlier report and its stored runs; without it stored runs are continued and nothing is overwritten." };
        Option<bool> quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("ablate", "Measure what position information is worth on your texts: train every variant with every seed, compare, report.") { data, test, output, shard, lengths, complexity, png, force, quiet, json };
        input.AddTo(command, grouped: true);
        plan.AddTo(command);
        command.Add(MergeCommand.Create(console));
        command.SetAction((parsed, cancellation) =>
        {
            var folder = new AblationFolder(parsed.GetValue(output)!);
            var part = parsed.GetValue(shard) is { } text ? AblationShard.Parse(text) : AblationShard.Whole;
            bool silent = parsed.GetValue(quiet) || parsed.GetValue(json);
            CommonOptions.Announce(console, silent);
            folder.RequireWritable(parsed.GetValue(force), parsed.GetValue(png));
            var clock = Stopwatch.StartNew();
            using var line = new ProgressLine(console, silent, "reading");
            var ablator = Prepare(line.Say, silent, input, parsed, parsed.GetValue(data)!, parsed.GetValue(test), plan.Plan(parsed), out var usedPlan, cancellation);
            if (parsed.GetValue(force)) folder.DeleteEarlier();
            var store = FolderRunStore.Open(folder.Runs, new(usedPlan, ablator.Summary));
            IReadOnlyList<AblationRun> runs;
            try
            {
                runs = ablator.Run(store, part, silent ? null : new AblationProgressLine(line), cancellation);
            }
            catch (OperationCanceledException)
            {
                line.Dispose();
                console.Error.WriteLine($"mlattention: interrupted; finished runs are kept in {folder.Runs}, and the same command{(parsed.GetValue(force) ? " without --force" : "")} goes on from them.");
                return Task.FromResult(ExitCode.Failure);
            }
            if (part != AblationShard.Whole)
            {
                line.Dispose();
                if (!silent) console.Output.WriteLine($"Shard {part.Index} of {part.Count}: {runs.Count} runs are stored in {folder.Runs}.");
                return Task.FromResult(runs.Any(run => run.Failure is not null) ? ExitCode.Failure : ExitCode.Success);
            }
            Action<string>? tell = silent ? null : line.Say;
            var report = ablator.Report(runs, clock.Elapsed) with
            {
                LengthStudy = parsed.GetValue(lengths) ? new LengthStudyRunner(usedPlan).Run(tell, cancellation) : null,
                ComplexityStudy = parsed.GetValue(complexity) ? new ComplexityMeter().Measure(tell, cancellation) : null,
            };
            line.Dispose();
            return Task.FromResult(folder.Publish(report, console, parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(png)));
        });
        return command;
    }

    /// <summary>--out, shared with merge and report.</summary>
    public static Option<string> OutputOption() => new("--out", "-o") { Description = "Folder for report.html, report.md, report.json, report.csv and the stored runs.", DefaultValueFactory = _ => "report" };

    /// <summary>--png, shared with merge and report.</summary>
    public static Option<bool> PngOption() => new("--png") { Description = "Also draw every figure as a PNG file, in the folder figures; needs rsvg-convert or Chromium." };

    /// <summary>Reads data and checks the plan; nothing is written or trained yet.</summary>
    public static OrderingAblator Prepare(Action<string> say, bool silent, CsvInput input, ParseResult parsed, string dataPath, string? testPath, AblationPlan plan, out AblationPlan usedPlan, CancellationToken cancellation)
    {
        plan.Validate();
        var context = new MLContext(seed: plan.SplitSeed);
        new OptionWords().ShowWarnings(context, say);
        var settings = input.Settings(parsed);
        var data = input.OpenGrouped(context, parsed, settings, [dataPath], out string? group);
        var test = testPath is null ? null : input.OpenGrouped(context, parsed, settings, [testPath], out _);
        var summary = DataRemarks.Read(data, group, cancellation);
        summary.RequireClasses();
        DataWarning.Show(summary.Warnings, say);
        if (test is not null) DataWarning.Show(DataSummary.Compare(summary, DataRemarks.Read(test, group: null, cancellation)), say);
        var dev = new HoldOut(plan.DevFraction, plan.Seeds[0]);
        group = GroupHoldOut.Choose(summary, input.GroupIsGiven(parsed), test is null ? [new(plan.TestFraction, plan.SplitSeed), dev] : [dev], silent ? _ => { } : say, warning => say($"warning: {warning}"));
        usedPlan = plan with { TextColumn = "Text", LabelColumn = "Label", GroupColumn = group };
        return OrderingAblator.Prepare(context, new InterruptibleView(data, cancellation), test is null ? null : new InterruptibleView(test, cancellation), usedPlan, CsvInput.NameOf(dataPath));
    }
}
