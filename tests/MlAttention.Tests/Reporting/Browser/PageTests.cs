using System.Text.Json;
using Deque.AxeCore.Commons;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>Every page as a browser lays it out: readable by all, whole on a telephone, the answer on the first screen.</summary>
[Collection(BrowserFixture.Name)]
public class PageTests(BrowserFixture browser)
{
    // For each figure: id, size, number of drawn shapes, texts outside the figure.
    private const string Measure = """
        () => [...document.querySelectorAll('figure')].map(figure => {
          const svg = figure.querySelector('svg'), box = svg.getBoundingClientRect();
          const outside = [...svg.querySelectorAll('text')].filter(text => {
            const t = text.getBoundingClientRect();
            return t.left < box.left - 1 || t.right > box.right + 1 || t.top < box.top - 1 || t.bottom > box.bottom + 1;
          });
          return { id: figure.id, width: box.width, height: box.height, shapes: svg.querySelectorAll('rect,circle,path,line,polyline').length, outside: outside.map(text => text.textContent) };
        })
        """;

    // In one call on the page: the Playwright package of axe describes every part that passes, which takes ten times as long.
    private const string LookForFaults = """
        async () => {
          const { passes, violations } = await axe.run({ resultTypes: ['violations'] });
          return { passed: passes.length, faults: violations.map(fault => `${fault.id}: ${fault.help}, ${fault.nodes.length} times, first ${fault.nodes[0].html}`) };
        }
        """;

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    public static TheoryData<string, bool> PagesAndColors
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string name in TestPages.Names)
                foreach (bool isDark in new[] { false, true }) data.Add(name, isDark);
            return data;
        }
    }

    public static TheoryData<string> Pages => [.. TestPages.Names];

    [BrowserTheory]
    [MemberData(nameof(PagesAndColors))]
    public Task Page_LightOrDark_HasNoFaultThatAxeKnows(string name, bool isDark) => browser.Visit(TestPages.Of(name), async page =>
    {
        await page.EvaluateAsync(s_axe);
        var result = await page.EvaluateAsync<JsonElement>(LookForFaults);

        Assert.True(result.GetProperty("passed").GetInt32() > 10, "axe has looked at nothing");
        Assert.Empty(result.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()));
    }, new(IsDark: isDark));

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public Task Page_OnATelephone_DoesNotScrollSideways(string name) => browser.Visit(TestPages.Of(name), async page =>
        Assert.Equal(400, await page.EvaluateAsync<int>("() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")), new(Width: 400));

    [BrowserTheory]
    [InlineData(400)]
    [InlineData(1280)]
    public Task Report_AnyWidth_ShowsEveryFigureWhole(int width) => browser.Visit(TestPages.Of("report"), async page =>
    {
        var figures = (await page.EvaluateAsync<JsonElement>(Measure)).EnumerateArray().ToDictionary(figure => figure.GetProperty("id").GetString()!);
        foreach (var figure in ReportFigures.All)
        {
            var measured = figures[$"figure-{figure.Id}"];
            Assert.True(measured.GetProperty("width").GetDouble() > 300, $"{figure.Id}: {measured}");
            Assert.True(measured.GetProperty("height").GetDouble() > 100, $"{figure.Id}: {measured}");
            Assert.True(measured.GetProperty("shapes").GetInt32() > 5, $"{figure.Id}: {measured}");
            Assert.True(measured.GetProperty("outside").GetArrayLength() == 0, $"{figure.Id}: {measured}");
        }
    }, new(Width: width));

    [BrowserFact]
    public Task Report_FirstScreen_HoldsTheAnswerNumbersAndForestPlot() => browser.Visit(TestPages.Of("report"), async page =>
    {
        foreach (string part in new[] { "h1", ".strip", ".verdict", ".tiles", ".summary figure" })
            Assert.InRange(await page.Locator(part).EvaluateAsync<double>("part => part.getBoundingClientRect().bottom"), 20, 800);
    });

    [BrowserFact]
    public Task Report_WithoutScripts_SaysTheSame() => browser.Visit(TestPages.Of("report"), async page =>
    {
        Assert.Equal(0, await page.Locator("button, input, select").Locator("visible=true").CountAsync());
        Assert.Equal(TestPages.Report.Texts!.Texts.Count, await page.Locator("tr[data-kind]").Locator("visible=true").CountAsync());
        await page.Locator("summary").First.ClickAsync();
        Assert.True(await page.Locator("details li").First.IsVisibleAsync());
    }, new(HasScripts: false));

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public Task Page_Landmarks_HoldEverything(string name) => browser.Visit(TestPages.Of(name), async page =>
    {
        foreach (string landmark in new[] { "body > header h1", "body > main" }) Assert.Equal(1, await page.Locator(landmark).CountAsync());
        Assert.Equal(await page.Locator("figure").CountAsync(), await page.Locator("figure figcaption").CountAsync());
        string[] others = await page.EvaluateAsync<string[]>("() => [...document.body.children].map(part => part.localName).filter(name => !['header', 'main', 'footer', 'nav', 'script'].includes(name))");
        Assert.Empty(others);
    });
}
