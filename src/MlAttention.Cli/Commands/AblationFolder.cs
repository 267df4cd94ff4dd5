using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Runs;
using MlAttention.Cli.Output;

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
    /// <param name="png">Whether figures will be drawn as PNG files, for which there must be fonts.</param>
    /// <exception cref="InputException">It cannot be written, or exists; the message says what to do.</exception>
    public void RequireWritable(bool force, bool png)
    {
        OutputFile.RequireWritableFolder(path, "--out");
        if (png) OutputFile.RequireWritableFolder(Figures, "--png");
        if (force)
        {
            foreach (var exporter in ReportExporter.All) OutputFile.RequireWritable(Base + exporter.Extension, force);
        }
        else
        {
            string? existing = ReportExporter.All.Select(exporter => Base + exporter.Extension).FirstOrDefault(File.Exists) ?? (Directory.Exists(Figures) ? Figures : null);
            if (existing is not null) throw new InputException($"{existing} exists. Choose another folder with --out, or replace it with --force.");
        }
        if (png) FigureFiles.RequireDrawing();
    }

    /// <summary>Reads a report.json.</summary>
    /// <exception cref="InputException">There is none, or it is no report; the message names the file.</exception>
    public static OrderingAblationReport ReadReport(string path)
    {
        CommonOptions.RequireExists(path);
        try
        {
            return ReportExporter.ReadJson(File.ReadAllText(path));
        }
        catch (InvalidDataException exception)
        {
            throw new InputException($"{path}: {exception.Message}");
        }
    }

    /// <summary>Deletes an earlier report and its runs, and nothing that an ablation did not write.</summary>
    public void DeleteEarlier()
    {
        if (!Directory.Exists(path)) return;
        foreach (var exporter in ReportExporter.All) File.Delete(Base + exporter.Extension);
        FolderRunStore.Delete(Runs);
    }

    /// <summary>Writes the report in every format, and its figures as PNG files if asked for.</summary>
    /// <returns>The files.</returns>
    public IReadOnlyList<string> Write(OrderingAblationReport report, bool png) =>
        [.. ReportExporter.WriteAll(report, Base), .. png ? FigureFiles.Write(ReportFigures.Draw(report).Select(drawn => (drawn.Figure.Id, drawn.Svg)), Figures) : []];
}
