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
          const lowest = Math.max(...['.strip', '.verdict', '.tiles', '.summary figure'].map(part => document.querySelector(part).getBoundingClientRect().bottom));
          const lines = [`page ${document.documentElement.scrollWidth} ${innerWidth} ${Math.ceil(lowest)}`];
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

    // Sorts, filters and chooses as a user does, and leaves one line for each step.
    private const string Use = """
        <script>
        addEventListener('load', () => {
          const lines = [], box = [...document.querySelectorAll('.table')].find(part => part.querySelector('[data-kind]')), rows = () => [...box.querySelectorAll('tbody tr')].filter(row => !row.hidden);
          const accuracy = document.querySelector('.table table'), mean = [...accuracy.tHead.rows[0].cells].findIndex(cell => cell.textContent === 'mean');
          const means = () => [...accuracy.tBodies[0].rows].map(row => parseFloat(row.cells[mean].textContent)).join(' ');
          accuracy.tHead.rows[0].cells[mean].querySelector('button').click();
          lines.push(means());
          accuracy.tHead.rows[0].cells[mean].querySelector('button').click();
          lines.push(means(), accuracy.tHead.rows[0].cells[mean].getAttribute('aria-sort'));
          const [filter, kind] = box.previousElementSibling.querySelectorAll('input, select');
          kind.selectedIndex = 1;
          kind.dispatchEvent(new Event('change'));
          lines.push(`${kind.options[1].text}: ${rows().length} ${[...new Set(rows().map(row => row.dataset.kind))].join('~')}`);
          filter.value = 'LEFT';
          filter.dispatchEvent(new Event('input'));
          lines.push(`${rows().every(row => row.textContent.includes('left'))} ${rows().length}`);
          parent.postMessage(lines.join('\n'), '*');
        });
        </script>
        """;

    private static readonly OrderingAblationReport s_report = ReportExporterTests.WithStudies(FakeAblation.Report(FakeAblation.Plan with { Positions = Enum.GetValues<PositionScheme>(), ClipDistances = [0, 2] }));

    [BrowserTheory]
    [InlineData(1280)]
    public void Html_InABrowser_SortsAndFiltersItsTables(int width)
    {
        string[] lines = Measured(Use, width);

        double[] means = [.. s_report.Variants.Select(result => result.MeanAccuracy!.Value).Concat(s_report.Baselines.Select(baseline => baseline.MeanAccuracy)).Select(mean => Math.Round(mean * 100, 1))];
        Assert.Equal(means.Order(), Numbers(lines[0]));
        Assert.Equal(means.OrderDescending(), Numbers(lines[1]));
        Assert.Equal("descending", lines[2]);
        var kinds = s_report.Texts!.Texts.CountBy(text => text.Outcome).ToArray();
        var chosen = Regex.Match(lines[3], @"^(.+) \((\d+)\): (\d+) (.+)$").Groups;
        Assert.Equal((chosen[2].Value, chosen[1].Value), (chosen[3].Value, chosen[4].Value));
        Assert.Contains(kinds, kind => chosen[2].Value == kind.Value.ToString(CultureInfo.InvariantCulture));
        Assert.Matches("^true [1-9]", lines[4]);

        static IEnumerable<double> Numbers(string line) => line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture));
    }

    [BrowserTheory]
    [InlineData(400)]
    [InlineData(1280)]
    public void Html_InABrowser_ShowsEveryFigureWholeAndFitsThePage(int width)
    {
        string[] lines = Measured(Measure, width);

        int[] pageWidths = [.. lines[0].Split(' ').Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(width, pageWidths[1]);
        if (width == 1280) Assert.InRange(pageWidths[2], 300, 800); // verdict, numbers and forest plot on the first screen
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

    /// <summary>The lines that a script in the page leaves, in a window of a width.</summary>
    private static string[] Measured(string script, int width)
    {
        using var folder = new TemporaryFolder();
        folder.Write("report.html", ReportExporter.Html.Export(s_report).Replace("</body>", script + "</body>", StringComparison.Ordinal));
        string page = folder.Write("frame.html", Frame.Replace("WIDTH", width.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
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
