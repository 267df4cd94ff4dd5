using MlAttention.Ablation;
using MlAttention.Cli.Remarks;

namespace MlAttention.Cli.Commands;

/// <summary>A command that ends in an ablation's report: ablate, merge and report.</summary>
internal abstract class AblationCommand(CliConsole console, string name, string description) : CliCommand(console, name, description)
{
    /// <summary>--out</summary>
    protected Option<string> Output { get; } = new("--out", "-o") { Description = "Folder for report.html, report.md, report.json, report.csv, report.tex and the stored runs.", DefaultValueFactory = _ => "report" };

    /// <summary>--png</summary>
    protected Option<bool> Png { get; } = new("--png") { Description = "Also write every figure as an SVG and a PNG file, into the folder figures." };

    /// <summary>--verbose</summary>
    protected Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Print all evidence, all rows, what may not be concluded, and the setting; all of it is in the report too." };

    /// <summary>The folder of --out, which is checked before any work is done.</summary>
    /// <exception cref="InputException">No report can be written there, or there is one that may not be replaced.</exception>
    protected AblationFolder OpenFolder(ParseResult parsed)
    {
        var folder = new AblationFolder(parsed.GetValue(Output)!);
        folder.RequireWritable(Force(parsed), parsed.GetValue(Png));
        return folder;
    }

    /// <summary>Writes the report's files and prints it.</summary>
    /// <returns>Failure if a run failed, success otherwise.</returns>
    protected int Publish(ParseResult parsed, AblationFolder folder, OrderingAblationReport report)
    {
        var files = folder.Write(report, parsed.GetValue(Png));
        if (Json(parsed)) Console.Output.Write(ReportExporter.Json.Export(report));
        else if (Quiet(parsed)) Console.Output.WriteLine(VerdictWriter.Write(report).Headline);
        else
        {
            if (parsed.GetValue(Verbose)) ReportPrinter.Print(report, Console);
            else ReportPrinter.PrintShort(report, Console);
            ReportPrinter.PrintFiles(files, Console, parsed.GetValue(Verbose));
        }
        return report.Variants.Any(result => result.Failures.Count > 0) ? ExitCode.Failure : ExitCode.Success;
    }
}

/// <summary>The texts of an ablation, as ablate and merge take them.</summary>
/// <param name="data">Describes the argument.</param>
/// <param name="test">Describes --test.</param>
internal sealed class AblationInput(string data, string test)
{
    private readonly CsvInput _input = new();

    /// <summary>The file of the texts.</summary>
    public Argument<string> Data { get; } = new("data") { Description = data };

    /// <summary>--test</summary>
    public Option<string?> Test { get; } = new("--test") { Description = test };

    /// <summary>--no-texts</summary>
    public Option<bool> NoTexts { get; } = new("--no-texts") { Description = "Leave the test texts out of the report, for private ones; it still counts which are right." };

    /// <summary>How the files are read.</summary>
    public IEnumerable<Option> Reading => _input.Options(grouped: true, paired: true);

    /// <summary>Reads data and checks the plan; nothing is written or trained yet.</summary>
    /// <param name="plan">The plan, whose columns are still open.</param>
    /// <param name="say">Receives warnings.</param>
    /// <param name="tell">Receives what is done.</param>
    /// <returns>What runs the plan, and the plan with its columns.</returns>
    public (OrderingAblator Ablator, AblationPlan Plan) Prepare(ParseResult parsed, AblationPlan plan, Action<string> say, Action<string> tell, CancellationToken cancellation)
    {
        var settings = _input.Settings(parsed);
        plan = plan with { TextColumns = settings.Parts, Model = plan.IsPretrained ? plan.Model : plan.Model with { TokenTypes = settings.Parts?.Count ?? plan.Model.TokenTypes } };
        plan.Validate();
        var context = new MLContext(seed: plan.SplitSeed);
        new OptionWords().ShowWarnings(context, say);
        string file = parsed.GetValue(Data)!;
        var data = _input.OpenGrouped(context, parsed, settings, [file], out string? group);
        var test = parsed.GetValue(Test) is { } path ? _input.OpenGrouped(context, parsed, settings, [path], out _) : null;
        var summary = DataRemarks.Read(data, group, cancellation);
        summary.RequireClasses();
        DataWarning.Show(summary.Warnings, say);
        if (test is not null) DataWarning.Show(DataSummary.Compare(summary, DataRemarks.Read(test, group: null, cancellation)), say);
        var dev = new HoldOut(plan.DevFraction, plan.Seeds[0]);
        group = GroupHoldOut.Choose(summary, _input.GroupIsGiven(parsed), test is null ? [new(plan.TestFraction, plan.SplitSeed), dev] : [dev], tell, warning => say($"warning: {warning}"));
        plan = plan with { TextColumn = "Text", LabelColumn = "Label", GroupColumn = group };
        return (OrderingAblator.Prepare(context, new InterruptibleView(data, cancellation), test is null ? null : new InterruptibleView(test, cancellation), plan, CsvInput.NameOf(file), !parsed.GetValue(NoTexts)), plan);
    }
}
