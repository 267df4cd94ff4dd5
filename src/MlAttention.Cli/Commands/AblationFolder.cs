using MlAttention.Ablation;
using MlAttention.Ablation.Runs;
using MlAttention.Cli.Output;
using MlAttention.Reporting;

namespace MlAttention.Cli.Commands;

/// <summary>The folder of one ablation: its report in every format, and its stored runs.</summary>
internal sealed class AblationFolder(string path)
{
    private string Base => Path.Combine(path, "report");

    /// <summary>Where runs are stored.</summary>
    public string Runs => Path.Combine(path, "runs");

    /// <summary>Where figures are drawn.</summary>
    private string Figures => Path.Combine(path, "figures");

    /// <summary>Fails, before any work is done, unless a report can be written, or if there is one already that may not be replaced.</summary>
    /// <param name="force">Whether an earlier report may be replaced.</param>
    /// <param name="png">Whether figures will be drawn.</param>
    /// <exception cref="InputException">It cannot be written, or exists; the message says what to do.</exception>
    public void RequireWritable(bool force, bool png)
    {
        OutputFile.RequireWritableFolder(path, "--out");
        if (png) OutputFile.RequireWritableFolder(Figures, "--png");
        if (force)
        {
            foreach (var exporter in ReportExporters.All) OutputFile.RequireWritable(Base + exporter.Extension, force, "--out");
            return;
        }
        string? existing = ReportExporters.All.Select(exporter => Base + exporter.Extension).FirstOrDefault(File.Exists) ?? (Directory.Exists(Figures) ? Figures : null);
        if (existing is not null) throw new InputException($"{existing} exists. Choose another folder with --out, or replace it with --force.");
    }

    /// <summary>Deletes an earlier report and its runs, and nothing that an ablation did not write.</summary>
    public void DeleteEarlier()
    {
        if (!Directory.Exists(path)) return;
        foreach (var exporter in ReportExporters.All) File.Delete(Base + exporter.Extension);
        FolderRunStore.Delete(Runs);
    }

    /// <summary>Writes the report's files and prints it.</summary>
    /// <returns>Failure if a run failed, success otherwise.</returns>
    public int Publish(OrderingAblationReport report, CliConsole console, bool json, bool quiet, bool png)
    {
        var files = ReportExporters.WriteAll(report, Base).ToList();
        if (png) files.AddRange(FigurePng.WriteAll(report, Figures));
        if (json) console.Output.Write(new JsonExporter().Export(report));
        else if (quiet) console.Output.WriteLine(VerdictWriter.Write(report).Headline);
        else
        {
            ReportPrinter.Print(report, console);
            console.Output.WriteLine($"\nWritten: {string.Join(", ", files)}");
        }
        return report.Variants.Any(result => result.Failures.Count > 0) ? ExitCode.Failure : ExitCode.Success;
    }
}
