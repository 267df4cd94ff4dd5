using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Reporting;

public class ReportExporterTests
{
    private static readonly OrderingAblationReport s_report = WithStudies(FakeAblation.Report());
    private static readonly OrderingAblationReport s_pretrained = FakePretrained.Report();

    public static TheoryData<string, string> FormatsAndCultures
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var exporter in ReportExporter.All)
                foreach (string culture in new[] { "en-US", "de-DE", "ar-SA" }) data.Add(exporter.Name, culture);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndCultures))]
    public void Export_AnyCulture_IsTheSnapshot(string format, string culture)
    {
        var exporter = ReportExporter.All.Single(candidate => candidate.Name == format);
        foreach (var (name, report) in new[] { ("report", s_report), ("pretrained", s_pretrained) })
        {
            string path = Path.Combine(Datasets.RepositoryFiles.Root, "tests", "MlAttention.Tests", "Reporting", "Snapshots", name + exporter.Extension);
            string exported = InCulture(culture, () => exporter.Export(report));
            if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(path, exported);
            Assert.Equal(File.ReadAllText(path), exported);
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndCultures))]
    public void Export_ReportReadBackFromJson_IsTheSame(string format, string culture)
    {
        var exporter = ReportExporter.All.Single(candidate => candidate.Name == format);
        foreach (var report in new[] { s_report, s_pretrained })
        {
            var again = InCulture(culture, () => ReportExporter.ReadJson(ReportExporter.Json.Export(report)));
            Assert.Equal(exporter.Export(report), exporter.Export(again));
        }
    }

    [Fact]
    public void Import_OtherSchema_Refuses()
    {
        string json = ReportExporter.Json.Export(s_report).Replace("\"schema\": 1", "\"schema\": 99", StringComparison.Ordinal);
        Assert.Contains("99", Assert.Throws<InvalidDataException>(() => ReportExporter.ReadJson(json)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ReportExporter.ReadJson("[1,2]"));
        Assert.Throws<InvalidDataException>(() => ReportExporter.ReadJson("nonsense"));
    }

    [Fact]
    public void Html_TextWithMarkup_ShowsAsText()
    {
        string html = ReportExporter.Html.Export(s_report);
        Assert.Equal(2, Regex.Count(html, "<script", RegexOptions.IgnoreCase)); // the page's own, and the weights of the explorer
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Latex_SpecialCharacters_AreEscaped()
    {
        string tex = ReportExporter.Latex.Export(s_report with { Data = s_report.Data with { Name = @"50% & more_{x} #1 ~a^b \ $2 [c] <d>" } });
        Assert.Contains(@"50\% \& more\_\{x\} \#1 \textasciitilde{}a\textasciicircum{}b \textbackslash{} \$2 {[}c{]} \textless{}d\textgreater{}", tex, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(tex, @"\\begin\{"), Regex.Count(tex, @"\\end\{"));
        Assert.All(tex.Split('\n').Where(line => line.EndsWith(@" \\", StringComparison.Ordinal)), line => Assert.True(Regex.Count(line, @"(?<!\\)&") is 4 or 6, line)); // cells of the two tables
    }

    [Fact]
    public void Html_Page_NeedsNoNetwork()
    {
        string html = ReportExporter.Html.Export(s_report).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("https?://|<link|@import|url\\((?!#)|src="), html);
    }

    [Fact]
    public void Html_Page_HoldsEveryFigureWithAnAlternativeText()
    {
        var ofAll = s_report with { Plan = s_report.Plan with { Positions = [.. s_report.Plan.Positions, PositionScheme.Alibi] } };
        string html = ReportExporter.Html.Export(ofAll);
        foreach (var figure in ReportFigures.All) Check(figure, ofAll, html);
        string pretrained = ReportExporter.Html.Export(s_pretrained);
        foreach (var figure in ReportFigures.Pretrained.Append(ReportFigures.All.Single(figure => figure.Id == "accuracy"))) Check(figure, s_pretrained, pretrained);

        static void Check(ReportFigure figure, OrderingAblationReport report, string html)
        {
            Assert.Contains($"id=\"figure-{figure.Id}\"", html, StringComparison.Ordinal);
            var svg = XElement.Parse(figure.Draw(report)!);
            XNamespace space = "http://www.w3.org/2000/svg";
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.NotEmpty(svg.Element(space + "title")!.Value);
            Assert.True(svg.Element(space + "desc")!.Value.Length > 20, figure.Id);
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Html_Elements_AreBalancedAndIdsUnique()
    {
        string html = ReportExporter.Html.Export(s_report);
        string xml = Regex.Replace(html, "<(meta[^>]*)>", "<$1/>").Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal);
        var page = XDocument.Parse(xml);
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Figures_EmptyReport_DrawNothingInsteadOfFailing()
    {
        var empty = s_report with { Variants = [], Baselines = [], Comparisons = [], Invariance = [], ComplexityStudy = null, AttentionStudy = null, ContributionStudy = null, LengthStudy = null, Plan = s_report.Plan with { Positions = [PositionScheme.None] } };
        Assert.Empty(ReportFigures.Draw(empty));
        Assert.Contains("Nothing can be said", ReportExporter.Html.Export(empty), StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_Runs_HaveALineEach()
    {
        string[] lines = ReportExporter.Csv.Export(s_report).TrimEnd().Split('\n');
        int runs = s_report.Variants.Sum(result => result.Runs.Count) + s_report.Baselines.Sum(baseline => baseline.Runs.Count);
        Assert.Equal(1 + runs, lines.Length);
    }

    private static T InCulture<T>(string culture, Func<T> work)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    internal static OrderingAblationReport WithStudies(OrderingAblationReport report) => report with
    {
        LengthStudy = new(7, [new(PositionScheme.Sinusoidal, [new(3, 7, 40, 0.95), new(8, 14, 40, 0.61), new(15, 28, 40, 0.42)], null), new(PositionScheme.Learned, [new(3, 7, 40, 0.95)], "no vectors beyond 7")]),
        ComplexityStudy = new("one thread",
        [
            new("attention, full", "n", 64, [new(64, 0.5, 1e5, 0.01), new(128, 1.9, 4e5, 0.03), new(256, 8.1, 1.6e6, 0.2)], 2.01, 2, 1.7, new("O(n^2 d + n d^2)", "2", "2", "O(1)"), 0.999),
            new("LSTM", "d", 128, [new(32, 0.5, null), new(64, 1.9, null)], 1.93, null, null, new("O(n d^2)", "2", "1", "O(n)")),
        ]),
        AttentionStudy = new(
        [
            .. Enum.GetValues<PositionScheme>().Select(scheme => new AttentionPattern(scheme, ["the", "<b>", "nurse"],
            [
                scheme == PositionScheme.None ? new(0, 0, [.3, .3, .4, .3, .3, .4, .3, .3, .4], 1.09, 0.9, 0.33, 0.3) : new(0, 0, [1, 0, 0, .9, .1, 0, 0, .9, .1], 0.22, 0.6, 0.4, 0.6),
            ])
            {
                UnknownWords = scheme == PositionScheme.None ? [new(1, "<b>")] : null,
                Probabilities = scheme == PositionScheme.None ? [0.25, 0.6, 0.15] : null,
                Label = scheme == PositionScheme.None ? 1 : null,
                Contributions = scheme switch
                {
                    PositionScheme.None => new(1, [0.5, -0.25, 0.125], [0.5, -0.125, 0.25], 0.41, 0.04, 0.3333),
                    PositionScheme.Sinusoidal => new(0, [0.125, 2.5, -0.0625], [0, 3.25, 0], 2.2, -0.36, 0.8165),
                    _ => null,
                },
            }),
        ]),
        ContributionStudy = new([new(PositionScheme.None, 40, 0.7321, 12, 4, 4, 0.3333), new(PositionScheme.Sinusoidal, 40, 0.8104, 12, 12, 11, 0.3333)]),
    };
}
