using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Tests.Ablation;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Reporting;

/// <summary>The page as a real browser lays it out. Skipped where no Chromium is installed.</summary>
public class BrowserTests
{
    // Runs in the page and leaves one line for each figure: id, width, height, number of drawn shapes, texts outside the figure.
    private const string Measure = """
        <script>
        addEventListener('load', () => {
          const lines = [`page ${document.documentElement.scrollWidth} ${innerWidth}`];
          for (const figure of document.querySelectorAll('figure')) {
            const svg = figure.querySelector('svg'), box = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll('text')].map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
            const outside = texts.filter(({ box: t }) => t.left < box.left - 1 || t.right > box.right + 1 || t.top < box.top - 1 || t.bottom > box.bottom + 1);
            lines.push([figure.id, Math.round(box.width), Math.round(box.height), svg.querySelectorAll('rect,circle,path,line,polyline').length, outside.map(t => t.text).join('~') || '-'].join(' '));
          }
          parent.postMessage(lines.join('\n'), '*');
        });
        </script>
        """;

    // A window cannot be as narrow as a telephone, a frame can.
    private const string Frame = """
        <!DOCTYPE html><pre id="measured"></pre>
        <script>addEventListener('message', event => { document.getElementById('measured').textContent = event.data; });</script>
        <iframe src="report.html" width="WIDTH" height="2000" style="border: 0"></iframe>
        """;

    [BrowserTheory]
    [InlineData(400)]
    [InlineData(1280)]
    public void Html_InABrowser_ShowsEveryFigureWholeAndFitsThePage(int width)
    {
        var report = ReportExporterTests.WithStudies(FakeAblation.Report(FakeAblation.Plan with { Positions = Enum.GetValues<PositionScheme>(), ClipDistances = [0, 2] }));
        using var folder = new TemporaryFolder();
        folder.Write("report.html", ReportExporter.Html.Export(report).Replace("</body>", Measure + "</body>", StringComparison.Ordinal));
        string page = folder.Write("frame.html", Frame.Replace("WIDTH", width.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        string[] lines = Measured(page, folder);

        int[] pageWidths = [.. lines[0].Split(' ').Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(width, pageWidths[1]);
        Assert.True(pageWidths[0] <= width, $"The page is {pageWidths[0]} px wide in a window of {pageWidths[1]}.");
        var figures = lines.Skip(1).Select(line => line.Split(' ', 5)).ToDictionary(parts => parts[0]);
        foreach (var figure in ReportFigures.All)
        {
            string[] measured = figures[$"figure-{figure.Id}"];
            Assert.True(int.Parse(measured[1], CultureInfo.InvariantCulture) > 300, $"{figure.Id} is {measured[1]} px wide.");
            Assert.True(int.Parse(measured[2], CultureInfo.InvariantCulture) > 100, $"{figure.Id} is {measured[2]} px high.");
            Assert.True(int.Parse(measured[3], CultureInfo.InvariantCulture) > 5, $"{figure.Id} has {measured[3]} shapes.");
            Assert.True(measured[4] == "-", $"{figure.Id}: these texts are cut off: {measured[4]}");
        }
    }

    private static string[] Measured(string page, TemporaryFolder folder)
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.File("profile")}",
            "--window-size=1400,2200", "--dump-dom", new Uri(page).AbsoluteUri,
        ];
        using var process = Process.Start(new ProcessStartInfo(BrowserTheoryAttribute.Browser!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var measured = Regex.Match(dom, "<pre id=\"measured\">(.*?)</pre>", RegexOptions.Singleline);
        Assert.True(measured.Success, $"The browser did not run the page: {errors.Result}");
        return measured.Groups[1].Value.Split('\n');
    }
}
