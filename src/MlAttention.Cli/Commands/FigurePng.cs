using System.Diagnostics;
using MlAttention.Ablation;
using MlAttention.Reporting;
using MlAttention.Reporting.Figures;

namespace MlAttention.Cli.Commands;

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

    private static string Write(string program, IReportFigure figure, string svg, string folder)
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
