using System.Diagnostics;
using System.Xml.Linq;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Cli;
using MlAttention.Cli.Output;
using MlAttention.Cli.Terminal;
using MlAttention.Tests.Ablation;
using SkiaSharp;

namespace MlAttention.Tests.Cli;

public class FigureFilesTests
{
    [Fact]
    public void Report_Png_DrawsEveryFigureInItsColoursAtThreePixelsAUnit()
    {
        using var folder = new TemporaryFolder();
        var report = FakeAblation.Report();

        var run = CliRun.Of("report", folder.Write("report.json", ReportExporter.Json.Export(report)), "--png", "--out", folder.File("out"), "--quiet");

        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        Assert.All(ReportFigures.Draw(report), drawn =>
        {
            var file = XElement.Load(folder.File($"out/figures/{drawn.Figure.Id}.svg"));
            using var picture = SKBitmap.Decode(folder.File($"out/figures/{drawn.Figure.Id}.png"));
            Assert.Equal((file.Attribute("width")!.Value, file.Attribute("height")!.Value), (FormattableString.Invariant($"{picture.Width}"), FormattableString.Invariant($"{picture.Height}")));
            Assert.Equal(3 * 420, picture.Width);
            Assert.Equal(SKColors.White, picture.GetPixel(0, 0));
        });
        using var accuracy = SKBitmap.Decode(folder.File("out/figures/accuracy.png"));
        Assert.Contains(SKColor.Parse("#0072b2"), accuracy.Pixels); // of sinusoidal's seeds
    }

    [Fact]
    public void Write_AText_DrawsItsLetters()
    {
        using var folder = new TemporaryFolder();
        string figure = new SvgWriter(200, 40).Text(10, 25, "what <is> drawn").ToSvg("a", "A text", "It says something.");

        string file = Assert.Single(FigureFiles.Write([("text", figure)], folder.File("new")));

        using var picture = SKBitmap.Decode(file);
        var dark = Enumerable.Range(0, picture.Width).Where(x => Enumerable.Range(0, picture.Height).Any(y => picture.GetPixel(x, y).Red < 100)).ToArray();
        Assert.InRange(dark[0], 3 * 10, 3 * 13);
        Assert.InRange(dark[^1], 3 * 70, 3 * 150);
    }

    [Theory]
    [InlineData("FONTCONFIG_FILE", "fonts.conf", "<fontconfig></fontconfig>", "needs a font")]
    [InlineData("LD_LIBRARY_PATH", "libfontconfig.so.1", "no library", "cannot be loaded")]
    public void Ablate_PngOnASystemThatCannotDraw_SaysHowToMendItBeforeTraining(string variable, string name, string content, string expected)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\n"), file = folder.Write(name, content);
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(CommandLineApp).Assembly.Location, "ablate", data, "--png", "--out", folder.File("out")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment[variable] = variable == "FONTCONFIG_FILE" ? file : Path.GetDirectoryName(file);

        using var child = Process.Start(start)!;
        string error = child.StandardError.ReadToEnd();
        child.WaitForExit();

        Assert.Equal(ExitCode.BadInput, child.ExitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("apt-get install", error, StringComparison.Ordinal);
        Assert.Equal(new[] { "data.csv", name }.Order(), folder.FileNames);
    }
}
