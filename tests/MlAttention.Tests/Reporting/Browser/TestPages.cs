using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Tests.Ablation;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>One page of each kind that the project writes. A new kind of page is looked at in every way once it stands here.</summary>
internal static class TestPages
{
    public static OrderingAblationReport Report { get; } =
        ReportExporterTests.WithStudies(FakeAblation.Report(FakeAblation.Plan with { Positions = Enum.GetValues<PositionScheme>(), ClipDistances = [0, 2] }));

    public static OrderingAblationReport Pretrained { get; } = FakePretrained.Report();

    /// <summary>With every variant, seed and baseline of the plan that is the default.</summary>
    public static OrderingAblationReport WithFullPlan { get; } =
        ReportExporterTests.WithStudies(FakeAblation.Report(new AblationPlan { GroupColumn = "Group", BootstrapSamples = 200 })) with { LengthStudy = null, ComplexityStudy = null };

    private static readonly Dictionary<string, Lazy<string>> s_pages = new()
    {
        ["report"] = new(() => ReportExporter.Html.Export(Report)),
        ["playground"] = new(() => ReportExporter.Html.Export(RandomPlayground.Report(RandomPlayground.Models["usual"]))),
        ["pretrained"] = new(() => ReportExporter.Html.Export(Pretrained)),
        ["side by side"] = new(() => new ReportsSideBySide([("first.csv", Report), ("second.csv", Pretrained)]).Html()),
        ["inspect"] = new(Inspected),
        ["complexity"] = new(() => HtmlReport.WriteFigures("Measured complexity", [.. ComplexityPlot.DrawAll(Report.ComplexityStudy!)])),
    };

    public static IEnumerable<string> Names => s_pages.Keys;

    /// <summary>The page's text.</summary>
    public static string Of(string name) => s_pages[name].Value;

    private static string Inspected()
    {
        using var model = new SmallModel();
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("inspect", model.Path, "money back <b>number1</b> zzqx", "--out", folder.File("heads.html"));
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return File.ReadAllText(folder.File("heads.html"));
    }
}
