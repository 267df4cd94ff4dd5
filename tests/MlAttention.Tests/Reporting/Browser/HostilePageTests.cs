using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>Texts and names that try to be more than text.</summary>
[Collection(BrowserFixture.Name)]
public class HostilePageTests(BrowserFixture browser)
{
    private const string Hostile = "</title></style></script><script>alert('ran')</script><img src=x onerror=alert(1)>\"'--><svg onload=alert(2)>&lt;b&gt; \u202Egnp \u0007 https://example.invalid/a.png";

    [BrowserTheory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Report_HostileTextsAndLabels_RunNothing(bool isSideBySide)
    {
        var report = Named(TestPages.Report);
        string html = isSideBySide ? new ReportsSideBySide([(Hostile, report), (Hostile + "2", Named(TestPages.Pretrained))]).Html() : ReportExporter.Html.Export(report);
        return browser.Visit(html, async page =>
        {
            Assert.Equal(0, await page.Locator("img, iframe, object, embed, link, [onerror], [onload]").CountAsync());
            Assert.Equal(1, await page.Locator("script:not([type='application/json'])").CountAsync());
            Assert.Contains("alert('ran')", await page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);

            // What scripts make of data: every button, every filter.
            foreach (var button in await page.Locator("button").Locator("visible=true").AllAsync()) await button.ClickAsync(new() { Force = true });
            foreach (var menu in await page.Locator("select").Locator("visible=true").AllAsync()) await menu.SelectOptionAsync(new Microsoft.Playwright.SelectOptionValue { Index = await menu.Locator("option").CountAsync() - 1 });
            foreach (var filter in await page.Locator("input[type=search]").AllAsync()) await filter.FillAsync(Hostile);
            int notes = await page.EvaluateAsync<int>("() => { const marks = document.querySelectorAll('[data-note]'); for (const mark of marks) mark.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })); return marks.length; }");
            Assert.True(notes > 5);
            await page.WaitForTimeoutAsync(100); // for what an image that is missing would run
            Assert.Equal(0, await page.Locator("img").CountAsync());
        });
    }

    [BrowserTheory]
    [InlineData(400)]
    [InlineData(1280)]
    public Task Report_TextsOf500Tokens_StayWithinThePage(int width)
    {
        string text = string.Join(' ', Enumerable.Range(0, 499).Select(i => $"token{i}")) + " " + new string('x', 3000);
        var study = TestPages.Report.Texts!;
        var report = TestPages.Report with { Texts = study with { Texts = [.. study.Texts.Select(one => one with { Text = text })] } };
        return browser.Visit(ReportExporter.Html.Export(report), async page =>
        {
            Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
            Assert.InRange(await page.EvaluateAsync<double>("() => document.querySelector('tr[data-kind]').getBoundingClientRect().width"), 300, 3000); // lines are broken
        }, new(Width: width));
    }

    private static OrderingAblationReport Named(OrderingAblationReport report) => report with
    {
        Data = report.Data with { Name = Hostile, Classes = [.. report.Data.Classes.Select(name => name + Hostile)] },
        Texts = report.Texts is { } study ? study with { Texts = [.. study.Texts.Select(text => text with { Text = Hostile })] } : null,
        AttentionStudy = report.AttentionStudy is { } attention ? new AttentionStudy([.. attention.Patterns.Select(pattern => pattern with { Tokens = [.. pattern.Tokens.Select(token => token + Hostile)] })]) : null,
    };
}
