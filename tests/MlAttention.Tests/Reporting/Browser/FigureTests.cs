using Microsoft.Playwright;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>Values that figures tell, and schemes that they hide.</summary>
[Collection(BrowserFixture.Name)]
public class FigureTests(BrowserFixture browser)
{
    private static string Expected => $"sinusoidal against none {ReportText.Points(TestPages.Report.Main!.MeanDifference)} {ReportText.Points(TestPages.Report.Main.Interval)}";

    [BrowserFact]
    public Task Mark_PointedAt_TellsItsValue() => browser.Visit(TestPages.Of("report"), async page =>
    {
        var mark = page.Locator("#figure-effect [data-note]").First;
        await mark.HoverAsync(new() { Force = true });
        Assert.Equal(Expected, await page.Locator("div.note").InnerTextAsync());
        Assert.Equal(0, await page.Locator("figure svg title").EvaluateAllAsync<int>("titles => titles.filter(title => title.parentNode.localName !== 'svg').length")); // one note, not two
        var (note, at) = ((await page.Locator("div.note").BoundingBoxAsync())!, (await mark.BoundingBoxAsync())!);
        Assert.InRange(note.X + note.Width / 2, at.X - 200, at.X + 200);
        Assert.True(note.Y + note.Height <= at.Y || note.Y >= at.Y + at.Height, "the note covers its mark");
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("", await page.Locator("div.note").InnerTextAsync());
    });

    [BrowserFact]
    public Task Mark_SteppedTo_TellsItsValue() => browser.Visit(TestPages.Of("report"), async page =>
    {
        await page.Locator("nav a").First.FocusAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        for (int stop = 0; stop < 5 && !await IsInFigure(); stop++) await page.Keyboard.PressAsync("Shift+Tab");
        Assert.True(await IsInFigure());
        var note = page.Locator("div.note");
        string[] marks = await page.Locator("#figure-effect [data-note]").EvaluateAllAsync<string[]>("marks => marks.map(mark => mark.dataset.note)");
        Assert.Equal(Expected, marks[0]);
        Assert.Equal(marks[0], await note.InnerTextAsync());
        foreach (var (key, index) in new[] { ("ArrowRight", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", marks.Length - 1), ("ArrowRight", marks.Length - 1), ("Home", 0) })
        {
            await page.Keyboard.PressAsync(key);
            Assert.Equal(marks[index], await note.InnerTextAsync());
        }
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("", await note.InnerTextAsync());

        Task<bool> IsInFigure() => page.EvaluateAsync<bool>("() => document.activeElement.closest('#figure-effect') !== null");
    });

    [BrowserFact]
    public Task Mark_Tapped_TellsItsValueUntilAnotherTap() => browser.Visit(TestPages.Of("report"), async page =>
    {
        await page.Locator("#figure-effect svg").ScrollIntoViewIfNeededAsync();
        var at = (await page.Locator("#figure-effect [data-note]").First.BoundingBoxAsync())!;
        await page.Touchscreen.TapAsync(at.X + at.Width / 2 + 6, at.Y + at.Height / 2 + 6); // a finger is no needle
        Assert.Equal(Expected, await page.Locator("div.note").InnerTextAsync());
        await page.Locator("#figures").TapAsync();
        Assert.Equal("", await page.Locator("div.note").InnerTextAsync());
    }, new(Width: 400, HasTouch: true));

    public static TheoryData<string> Pages => [.. TestPages.Names];

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public Task Page_WithScripts_TellsValuesByItsNoteAlone(string name) => browser.Visit(TestPages.Of(name), async page =>
    {
        Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('figure svg[role=img] title')].filter(title => title.parentNode.localName !== 'svg').length"));
        var marks = page.Locator("figure svg [data-note]").Locator("visible=true");
        if (name == "inspect") await page.EvaluateAsync("() => document.querySelector('.heads .head').style.display = 'block'"); // hidden beside the explorer
        if (await marks.CountAsync() == 0) return;
        await marks.First.ScrollIntoViewIfNeededAsync();
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"); // scrolling ends a note
        await marks.First.HoverAsync(new() { Force = true });
        Assert.Equal(await marks.First.GetAttributeAsync("data-note"), await page.Locator("div.note").InnerTextAsync());
    });

    [BrowserTheory]
    [InlineData("report", "sinusoidal")]
    [InlineData("pretrained", "shuffled")]
    [InlineData("side by side", "none")]
    public Task Scheme_Pressed_HidesInEveryFigureAndTable(string name, string scheme) => browser.Visit(TestPages.Of(name), async page =>
    {
        var button = page.Locator($"[data-toggles=\"{scheme}\"]");
        var parts = page.Locator($"[data-scheme=\"{scheme}\"]");
        int others = await Visible("[data-scheme]"), own = await parts.Locator("visible=true").CountAsync();
        Assert.True(own > 1 && others > own);
        Assert.Equal(own, await parts.CountAsync());

        await button.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        Assert.Equal(0, await parts.Locator("visible=true").CountAsync());
        Assert.Equal(others - own, await Visible("[data-scheme]"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Show all", Exact = true }).ClickAsync();
        Assert.Equal(own, await parts.Locator("visible=true").CountAsync());
        Assert.Equal("true", await button.GetAttributeAsync("aria-pressed"));

        Task<int> Visible(string selector) => page.Locator(selector).Locator("visible=true").CountAsync();
    });

    [BrowserFact]
    public Task Schemes_AllPressed_LeaveNoVariantInFiguresAndTables() => browser.Visit(TestPages.Of("report"), async page =>
    {
        string[] names = await page.Locator("[data-toggles]").EvaluateAllAsync<string[]>("buttons => buttons.map(button => button.dataset.toggles)");
        Assert.Equal(Scheme.All(TestPages.Report).Select(scheme => scheme.Name), names);
        foreach (var button in await page.Locator("[data-toggles]").AllAsync()) await button.ClickAsync();
        var ofVariants = page.Locator("table").Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = "variant", Exact = true }) }).Locator("tbody th");
        foreach (var variant in TestPages.Report.Variants.Select(result => result.Variant.Name).Distinct())
        {
            Assert.Equal(0, await page.Locator("figure svg text.label").GetByText(variant, new() { Exact = true }).Locator("visible=true").CountAsync());
            Assert.Equal(0, await ofVariants.GetByText(variant, new() { Exact = true }).Locator("visible=true").CountAsync());
        }
        Assert.Equal(2, await page.Locator("table[aria-label^='Test texts by who'] tbody tr").Locator("visible=true").CountAsync());
    });
}
