using System.Diagnostics;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Runs;

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
    /// <param name="png">Whether figures will be drawn, for which there must be a program.</param>
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
        if (png) FigurePng.RequireProgram();
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
        [.. ReportExporter.WriteAll(report, Base), .. png ? FigurePng.WriteAll(report, Figures) : []];
}

/// <summary>Figures as SVG and PNG files, drawn by rsvg-convert or Chromium, whichever is installed.</summary>
internal static class FigurePng
{
    private const int Scale = 3;
    private static readonly string[] s_programs = ["rsvg-convert", "chromium", "chromium-browser", "google-chrome"];

    /// <summary>Fails unless there is a program to draw with; called before any work is done.</summary>
    /// <exception cref="InputException">There is none; the message says how to get one.</exception>
    public static void RequireProgram() => Program();

    /// <summary>Writes every figure of the report into a folder.</summary>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static IReadOnlyList<string> WriteAll(OrderingAblationReport report, string folder)
    {
        string program = Program();
        Directory.CreateDirectory(folder);
        return [.. ReportFigures.Draw(report).Select(drawn => Write(program, drawn.Figure, drawn.Svg, folder))];
    }

    private static string Write(string program, ReportFigure figure, string svg, string folder)
    {
        string source = Path.Combine(folder, figure.Id + ".svg"), target = Path.Combine(folder, figure.Id + ".png");
        File.WriteAllText(source, StandaloneSvg.Of(svg, Scale));
        string[] arguments = program == "rsvg-convert"
            ? ["--output", target, source]
            : ["--headless", "--no-sandbox", "--disable-gpu", $"--screenshot={Path.GetFullPath(target)}", $"--window-size={StandaloneSvg.Size(svg, Scale)}", new Uri(Path.GetFullPath(source)).AbsoluteUri];
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && File.Exists(target) ? target : throw new InvalidOperationException($"{program} could not draw {figure.Id}: {errors.Result.Trim()}");
    }

    private static string Program() =>
        s_programs.FirstOrDefault(IsInstalled) ?? throw new InputException("--png needs rsvg-convert or Chromium, and neither is on the PATH. Install one: apt-get install -y librsvg2-bin");

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
