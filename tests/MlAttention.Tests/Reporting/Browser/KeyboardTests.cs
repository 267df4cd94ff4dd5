using System.Text.Json;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>Every control without a mouse.</summary>
[Collection(BrowserFixture.Name)]
public class KeyboardTests(BrowserFixture browser)
{
    // Numbers the controls that are to be seen (of a column of tokens one, from which arrow keys go on), and notes the number and the look of each that gets the focus.
    private const string Watch = """
        () => {
          const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(stop => stop.checkVisibility() && !stop.disabled && stop.tabIndex === 0);
          window.reached = [];
          stops.forEach((stop, index) => stop.dataset.stop = index);
          document.addEventListener('focusin', event => {
            const style = getComputedStyle(event.target);
            window.reached.push({ stop: Number(event.target.dataset.stop), what: event.target.outerHTML.slice(0, 120), isSeen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' });
          });
          return stops.length;
        }
        """;

    public static TheoryData<string> Pages => [.. TestPages.Names];

    [BrowserTheory]
    [MemberData(nameof(Pages))]
    public Task Page_TabbedThrough_ReachesEveryControlVisibly(string name) => browser.Visit(TestPages.Of(name), async page =>
    {
        int stops = await page.EvaluateAsync<int>(Watch);
        for (int stop = 0; stop < stops; stop++) await page.Keyboard.PressAsync("Tab");

        var reached = (await page.EvaluateAsync<JsonElement>("() => window.reached")).EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(0, stops), reached.Select(one => one.GetProperty("stop").GetInt32()));
        Assert.All(reached, one => Assert.True(one.GetProperty("isSeen").GetBoolean(), one.GetProperty("what").GetString()));
    });

    [BrowserFact]
    public Task Report_EnterAndSpace_WorkItsControls() => browser.Visit(TestPages.Of("report"), async page =>
    {
        var head = page.Locator("table thead th").First;
        await head.Locator("button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("ascending", await head.GetAttributeAsync("aria-sort"));
        await page.Keyboard.PressAsync("Space");
        Assert.Equal("descending", await head.GetAttributeAsync("aria-sort"));

        var details = page.Locator("details").First;
        await details.Locator("summary").FocusAsync();
        foreach (string key in new[] { "Enter", "Space" })
        {
            bool wasOpen = await details.EvaluateAsync<bool>("part => part.open");
            await page.Keyboard.PressAsync(key);
            Assert.Equal(!wasOpen, await details.EvaluateAsync<bool>("part => part.open"));
        }
    });

    [BrowserFact]
    public Task Inspect_ArrowKeys_GoThroughTheTokens() => browser.Visit(TestPages.Of("inspect"), async page =>
    {
        var tokens = page.Locator(".token[data-side=from]");
        int count = await tokens.CountAsync();
        Assert.True(count > 2);
        await tokens.First.FocusAsync();
        for (int token = 1; token < count; token++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
            Assert.Equal($"{token}", await page.EvaluateAsync<string>("() => document.activeElement.dataset.token"));
        }
    });
}
