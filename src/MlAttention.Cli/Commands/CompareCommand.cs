namespace MlAttention.Cli.Commands;

/// <summary>mlattention compare: several ablations in one forest plot.</summary>
internal sealed class CompareCommand : CliCommand
{
    private readonly Argument<string[]> _reports = new("reports") { Description = "The report.json of two or more ablations.", Arity = new ArgumentArity(2, 1000) };
    private readonly Option<string?> _output = new("--out", "-o") { Description = "An HTML file with the plot to write." };

    public CompareCommand(CliConsole console) : base(console, "compare", "Put several ablations side by side: other data, another engine or another version, in one forest plot.") =>
        Declare([_reports, _output, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] paths = parsed.GetValue(_reports)!;
        Announce(parsed);
        OutputFile.RequireWritable(parsed.GetValue(_output), Force(parsed));
        (string Path, OrderingAblationReport Report)[] reports = [.. paths.Select(path => (path, AblationFolder.ReadReport(path)))];
        var sideBySide = new ReportsSideBySide([.. reports.Select(one => (NameOf(reports, one.Path, one.Report), one.Report))]);
        if (sideBySide.Misfit() is { } misfit) throw new InputException(misfit);
        if (Json(parsed)) Console.Output.WriteLine(JsonSerializer.Serialize(sideBySide.Table(), AblationJson.Indented));
        else ReportPrinter.Print(sideBySide.Table(), Console);
        if (parsed.GetValue(_output) is { } output)
        {
            OutputFile.WriteText(output, sideBySide.Html());
            TellWritten(parsed, output);
        }
        return ExitCode.Success;
    }

    /// <summary>The name of its data, or its path where several reports have data of that name.</summary>
    private static string NameOf((string Path, OrderingAblationReport Report)[] reports, string path, OrderingAblationReport report) =>
        reports.Count(other => other.Report.Data.Name == report.Data.Name) == 1 ? report.Data.Name : path;
}
