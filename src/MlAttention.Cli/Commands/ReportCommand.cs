namespace MlAttention.Cli.Commands;

/// <summary>mlattention report: makes every format again from report.json.</summary>
internal sealed class ReportCommand : AblationCommand
{
    private readonly Argument<string> _source = new("report") { Description = "A report.json that ablate wrote." };

    public ReportCommand(CliConsole console) : base(console, "report", "Make an ablation's report again from its JSON alone: HTML, Markdown, CSV, figures, console.") =>
        Declare([_source, Output, Png, Verbose, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        var folder = OpenFolder(parsed);
        return Publish(parsed, folder, AblationFolder.ReadReport(parsed.GetValue(_source)!));
    }
}
