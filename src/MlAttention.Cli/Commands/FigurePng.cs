using System.Diagnostics;
using MlAttention.Ablation;
using MlAttention.Reporting.Figures;
using MlAttention.Reporting.Html;

namespace MlAttention.Cli.Commands;

/// <summary>Figures as PNG files, drawn by rsvg-convert or Chromium, whichever is installed.</summary>
internal static class FigurePng
{
    private const int Scale = 3;

    /// <summary>Writes every figure of the report into a folder.</summary>
    /// <exception cref="InputException">Neither program is installed, or it failed.</exception>
    public static IReadOnlyList<string> WriteAll(OrderingAblationReport report, string folder)
    {
        string program = new[] { "rsvg-convert", "chromium", "chromium-browser", "google-chrome" }.FirstOrDefault(IsInstalled)
            ?? throw new InputException("--png needs rsvg-convert or Chromium. Install one: apt-get install -y librsvg2-bin");
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
        process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        File.Delete(source);
        return process.ExitCode == 0 && File.Exists(target) ? target : throw new InputException($"{program} could not draw {figure.Id}: {errors.Trim()}");
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
