namespace MlAttention.Cli.Commands;

/// <summary>mlattention report: makes every format again from report.json.</summary>
internal static class ReportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var source = new Argument<string>("report") { Description = "A report.json that ablate wrote." };
        var output = AblateCommand.OutputOption();
        var png = AblateCommand.PngOption();
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("report", "Make an ablation's report again from its JSON alone: HTML, Markdown, CSV, figures, console.") { source, output, png, force, quiet, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(source)!;
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            CommonOptions.RequireExists(path);
            var folder = new AblationFolder(parsed.GetValue(output)!);
            folder.RequireWritable(parsed.GetValue(force), parsed.GetValue(png));
            return folder.Publish(ReportExporter.ReadJson(File.ReadAllText(path)), console, parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(png));
        });
        return command;
    }
}
