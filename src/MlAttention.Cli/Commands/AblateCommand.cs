using System.Diagnostics;
using MlAttention.Ablation.Runs;
using MlAttention.Ablation.Studies;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention ablate: what is token order worth on the user's own CSV?</summary>
internal sealed class AblateCommand : AblationCommand
{
    private readonly AblationOptions _plan = new();
    private readonly AblationInput _input = new("CSV file with a text and a label column.", "CSV file with the test texts; without it a share of the data is set apart.");
    private readonly Option<string?> _shard = new("--shard") { Description = "Do only the runs of shard i of N (for example 2/8) and store them; put them together with: mlattention ablate merge." };
    private readonly Option<bool> _lengths = new("--length-study") { Description = "Also train every scheme on short texts of a made task and test it on texts up to 4 times as long." };
    private readonly Option<bool> _complexity = new("--complexity-study") { Description = "Also measure how time and memory grow with length and width." };

    /// <summary>Builds the command and its subcommand merge.</summary>
    public AblateCommand(CliConsole console) : base(console, "ablate", "Measure what position information is worth on your texts: train every variant with every seed, compare, report.")
    {
        ForceOption.Description = "Replace an earlier report and its stored runs; without it stored runs are continued and nothing is overwritten.";
        Declare([_input.Data, _input.Test, Output, _shard, _lengths, _complexity, _input.NoTexts, Png, Verbose, .. Common, .. _input.Reading, .. _plan.Options]);
        Add(new MergeCommand(console));
    }

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_lengths) && _plan.IsPretrained(parsed)) throw new InputException($"{_lengths.Name} trains models from nothing on a made task; leave it out with --pretrained.");
        var part = parsed.GetValue(_shard) is { } text ? AblationShard.Parse(text) : AblationShard.Whole;
        bool silent = Silent(parsed);
        Announce(parsed);
        var folder = OpenFolder(parsed);
        var clock = Stopwatch.StartNew();
        using var line = new ProgressLine(Console, silent, "reading");
        Action<string>? tell = silent ? null : line.Say;
        var (ablator, plan) = _input.Prepare(parsed, _plan.Plan(parsed), line.Say, tell ?? (_ => { }), cancellation);
        if (Force(parsed)) folder.DeleteEarlier();
        var store = FolderRunStore.Open(folder.Runs, new(plan, ablator.Summary));
        IReadOnlyList<AblationRun> runs;
        try
        {
            runs = ablator.Run(store, part, silent ? null : new AblationProgressLine(line, RunsOf(plan)), cancellation);
        }
        catch (OperationCanceledException)
        {
            line.Dispose();
            Console.Error.WriteLine($"mlattention: interrupted; finished runs are kept in {folder.Runs}, and the same command{(Force(parsed) ? " without --force" : "")} goes on from them.");
            return ExitCode.Failure;
        }
        if (part != AblationShard.Whole)
        {
            line.Dispose();
            if (!silent) Console.Output.WriteLine($"Shard {part.Index} of {part.Count}: {runs.Count} runs are stored in {folder.Runs}.");
            return runs.Any(run => run.Failure is not null) ? ExitCode.Failure : ExitCode.Success;
        }
        var lengths = parsed.GetValue(_lengths) ? new LengthStudyRunner(plan).Run(tell, cancellation) : null;
        var complexity = parsed.GetValue(_complexity) ? new ComplexityMeter().Measure(tell, cancellation) : null;
        var report = ablator.Report(runs, clock.Elapsed) with { LengthStudy = lengths, ComplexityStudy = complexity };
        line.Dispose();
        return Publish(parsed, folder, report);
    }

    private RunTable RunsOf(AblationPlan plan) => new([.. plan.Setups().Select(setup => setup.Title)], plan.Seeds, Console.ErrorWidth, Console.ErrorHeight);
}
