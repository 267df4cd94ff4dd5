using System.Text.Json;
using Microsoft.Playwright;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>The words and models that run in the report's page, and its controls.</summary>
[Collection(BrowserFixture.Name)]
public class PlaygroundTests(BrowserFixture browser)
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Models => [.. RandomPlayground.Models.Keys];

    [BrowserTheory, MemberData(nameof(Models))]
    public Task Report_EverySchemeAndOption_AnswersAsTheManagedEngine(string name)
    {
        var report = RandomPlayground.Report(RandomPlayground.Models[name]);
        return browser.Visit(ReportExporter.Html.Export(report), async page =>
        {
            string answered = await page.EvaluateAsync<string>("texts => JSON.stringify(texts.map(text => document.getElementById('playground').answer(text)))", RandomPlayground.Texts);
            var answers = JsonSerializer.Deserialize<Answer[]>(answered, JsonSerializerOptions.Web)!;

            for (int row = 0; row < RandomPlayground.Texts.Count; row++)
            {
                var (keys, words) = RandomPlayground.Pipeline(RandomPlayground.Texts[row], report.Plan.Model);
                Assert.Equal(words, answers[row].Words);
                Assert.Equal(keys.Select(key => key != 0), answers[row].Known);
                for (int model = 0; model < report.Playground!.Models.Count; model++)
                {
                    float[] expected = RandomPlayground.Engine(report, report.Playground.Models[model], keys);
                    for (int c = 0; c < expected.Length; c++)
                        Assert.True(Math.Abs(expected[c] - answers[row].Probabilities[model][c]) < Tolerance, $"{report.Playground.Models[model].Variant.Name}, \"{RandomPlayground.Texts[row]}\": {string.Join(' ', expected)} in the engine, {string.Join(' ', answers[row].Probabilities[model])} in the page.");
                }
            }
        });
    }

    [BrowserFact]
    public Task Report_WordsMovedByKeys_ChangePlacesAndKeepTheFocus() => browser.Visit(s_page, async page =>
    {
        await page.Locator("#playground input").FillAsync("the dog bit a man");
        await page.Locator(".words button").Nth(1).FocusAsync();
        string[] keys = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowLeft", "End", "ArrowDown", "Home", "x"];
        string[] expected = ["the bit dog a man", "the dog bit a man", "dog the bit a man", "dog the bit a man", "the bit a man dog", "the bit a man dog", "dog the bit a man", "dog the bit a man"];
        for (int i = 0; i < keys.Length; i++)
        {
            await page.Keyboard.PressAsync(keys[i]);
            Assert.Equal(expected[i], await Words(page));
            Assert.Equal("dog", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        }
        Assert.Equal("dog, word 1 of 5", await page.Locator(".words button").First.GetAttributeAsync("aria-label"));

        var changes = await page.Locator(".models > div > p:not(.answer)").AllInnerTextsAsync();
        Assert.Contains("answer the same, probabilities by up to 0.0 points, attention between the same words by up to 0.0 points.", changes[0], StringComparison.Ordinal); // none comes first
        Assert.All(changes.Skip(1), change => Assert.DoesNotContain("attention between the same words by up to 0.0 points.", change, StringComparison.Ordinal));

        await page.GetByRole(AriaRole.Button, new() { Name = "Back", Exact = true }).ClickAsync();
        Assert.Equal("the dog bit a man", await Words(page));
        Assert.All(await page.Locator(".models > div > p:not(.answer)").AllInnerTextsAsync(), change => Assert.Equal("In the first order.", change));
    });

    [BrowserTheory]
    [InlineData(1280)]
    [InlineData(400)]
    public Task Report_WordDragged_StandsWhereItWasLetGo(int width) => browser.Visit(s_page, async page =>
    {
        await page.Locator("#playground input").FillAsync("the dog bit a man");
        await page.Locator(".words").ScrollIntoViewIfNeededAsync();
        var from = (await page.Locator(".words button").First.BoundingBoxAsync())!;
        var to = (await page.Locator(".words button").Nth(2).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(from.X + 5, from.Y + 5);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(to.X + to.Width - 3, to.Y + 5, new() { Steps = 20 });
        await page.Mouse.UpAsync();
        await page.Mouse.MoveAsync(from.X + 5, from.Y + 5, new() { Steps = 5 });

        Assert.Equal("dog bit the a man", await Words(page));
    }, new(Width: width));

    [BrowserFact]
    public Task Report_TextChosenTypedAndShuffled_IsReadAndJudged() => browser.Visit(s_page, async page =>
    {
        var tested = s_report.Texts!.Texts[1];
        await page.GetByLabel("Test text", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Index = 2 });
        Assert.Equal(tested.Text, await page.Locator("#playground input").InputValueAsync());
        Assert.Equal(tested.Text, await Words(page));
        Assert.EndsWith($"The label of this text: {s_report.Data.Classes[tested.Label]}.", await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);
        Assert.All(await page.Locator(".answer").AllInnerTextsAsync(), answer => Assert.Matches("^[✓✗] ", answer));

        await page.Locator("#playground input").FillAsync("The dog <i>bit</i> Rex");
        Assert.Equal("the dog < i > bit < / i > rex", await Words(page));
        Assert.Equal("rex", (await page.Locator(".words .unknown").AllInnerTextsAsync())[^1]);
        Assert.Equal("a text of your own", await page.Locator("#playground option:checked").First.InnerTextAsync());
        Assert.EndsWith("No listed test text has this order.", await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Shuffle", Exact = true }).ClickAsync();
        string shuffled = await Words(page);
        Assert.NotEqual("the dog < i > bit < / i > rex", shuffled);
        Assert.Equal("/ < < > > bit dog i i rex the", string.Join(' ', shuffled.Split(' ').Order(StringComparer.Ordinal)));

        await page.Locator("#playground input").FillAsync("");
        Assert.Contains("Type a text.", await page.Locator("#playground .note").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#playground input").FillAsync(string.Join(' ', Enumerable.Repeat("dog", 50)));
        Assert.Contains("Left out: 10 beyond the 40 words", await page.Locator("#playground .note").InnerTextAsync(), StringComparison.Ordinal);
    });

    [BrowserFact]
    public Task Report_TextOfTwoLines_IsReadWhole()
    {
        var study = s_report.Texts!;
        var report = s_report with { Texts = study with { Texts = [study.Texts[0] with { Text = "The dog\r\nbit a man" }, .. study.Texts.Skip(1)] } };
        return browser.Visit(ReportExporter.Html.Export(report), async page =>
        {
            Assert.Equal("The dog bit a man", await page.Locator("#playground input").InputValueAsync());
            Assert.Equal("the dog bit a man", await Words(page));
            Assert.DoesNotContain("Left out", await page.Locator("#playground .note").InnerTextAsync(), StringComparison.Ordinal);
            Assert.EndsWith($"The label of this text: {report.Data.Classes[study.Texts[0].Label]}.", await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);
        });
    }

    [BrowserFact]
    public Task Report_WithoutScripts_HasASentenceInstead() => browser.Visit(s_page, async page =>
        Assert.Equal("Playground: move the words\n\nHere two of the models run in the page and answer while words are moved. That needs scripts, and this browser runs none.", await page.Locator("#playground").InnerTextAsync()),
        new(HasScripts: false));

    private static readonly OrderingAblationReport s_report = RandomPlayground.Report(RandomPlayground.Models["usual"]);
    private static readonly string s_page = ReportExporter.Html.Export(s_report);

    private static async Task<string> Words(IPage page) => string.Join(' ', await page.Locator(".words button").AllInnerTextsAsync());

    private sealed record Answer(string[] Words, bool[] Known, double[][] Probabilities);
}
