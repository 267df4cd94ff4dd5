using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>The report on paper.</summary>
[Collection(BrowserFixture.Name)]
public class PrintTests(BrowserFixture browser)
{
    private const int MostPages = 6;

    public static TheoryData<string> Reports => ["every variant of the full plan", "every variant of a pretrained encoder"];

    [BrowserTheory]
    [MemberData(nameof(Reports))]
    public Task Report_Printed_IsAtMostSixPages(string name) => browser.Visit(Html(name), async page =>
    {
        byte[] pdf = await page.PdfAsync(new() { PreferCSSPageSize = true });

        var boxes = Regex.Matches(Encoding.Latin1.GetString(pdf), @"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]");
        Assert.InRange(PagesOf(pdf), 3, MostPages);
        Assert.All(boxes, box => Assert.Equal(("595", "842"), (Round(box.Groups[1].Value), Round(box.Groups[2].Value)))); // A4 portrait in points
    });

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Report_Printed_OpensItsLimitsAndLeavesOutControls(bool hasScripts) => browser.Visit(Html("the first"), async page =>
    {
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (string part in new[] { "details:not(.screen) li", "figure:not(.screen)", "#table-2" }) Assert.All(await Visible(part), Assert.True);
        foreach (string part in new[] { "nav", ".tools", "pre", "tr.screen", "figure.screen" }) Assert.All(await Visible(part), Assert.False);
        Assert.NotEmpty(await Visible("details:not(.screen) li"));
        var study = TestPages.WithFullPlan.Texts!;
        int printed = (await Visible("tr[data-kind]")).Count(isVisible => isVisible);
        Assert.Equal(study.Texts.TakeWhile(text => text.Group == study.Texts[0].Group).Count(), printed);
        Assert.Contains($"Not on paper, but in report.html: {study.Texts.Count - printed} rows.", await page.Locator("p.paper").AllInnerTextsAsync());

        Task<bool[]> Visible(string selector) => page.EvaluateAsync<bool[]>("selector => [...document.querySelectorAll(selector)].map(part => part.checkVisibility())", selector);
    }, new() { HasScripts = hasScripts });

    /// <summary>How many pages a file has: its objects of type Page.</summary>
    private static int PagesOf(byte[] pdf) => Regex.Count(Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b");

    private static string Html(string name) => ReportExporter.Html.Export(name.EndsWith("encoder", StringComparison.Ordinal) ? TestPages.Pretrained : TestPages.WithFullPlan);

    private static string Round(string points) => Math.Round(double.Parse(points, System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
