using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>What can be done with tables: sorting, filtering, copying.</summary>
[Collection(BrowserFixture.Name)]
public class TableTests(BrowserFixture browser)
{
    private static readonly OrderingAblationReport s_report = TestPages.Report;

    private static double[] Means =>
        [.. s_report.Variants.Select(result => result.MeanAccuracy!.Value).Concat(s_report.Baselines.Select(baseline => baseline.MeanAccuracy)).Select(mean => Math.Round(mean * 100, 1))];

    [BrowserFact]
    public Task Table_HeadClicked_SortsItsNumbers() => browser.Visit(TestPages.Of("report"), async page =>
    {
        var table = page.Locator("table").First;
        var mean = table.GetByRole(AriaRole.Button, new() { Name = "mean", Exact = true });
        foreach (string direction in new[] { "ascending", "descending" })
        {
            await mean.ClickAsync();
            Assert.Equal(direction, await table.Locator("th[aria-sort]").GetAttributeAsync("aria-sort"));
            string[] cells = [.. await table.Locator("tbody tr td:nth-child(2)").AllInnerTextsAsync()];
            Assert.Equal(direction == "ascending" ? Means.Order() : Means.OrderDescending(), cells.Select(cell => double.Parse(cell.TrimEnd('%'), CultureInfo.InvariantCulture)));
        }
    });

    [BrowserFact]
    public Task Table_KindAndWords_LeaveTheirRows() => browser.Visit(TestPages.Of("report"), async page =>
    {
        var rows = page.Locator("tr[data-kind]").Locator("visible=true");
        var kind = page.GetByLabel(new Regex("^Kind of rows of"));
        string option = (await kind.Locator("option").AllInnerTextsAsync())[1];
        await kind.SelectOptionAsync(new SelectOptionValue { Index = 1 });
        var chosen = Regex.Match(option, @"^(.+) \((\d+)\)$").Groups;
        Assert.Equal(chosen[2].Value, (await rows.CountAsync()).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(chosen[1].Value, Assert.Single((await rows.EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.kind)")).Distinct()));

        await page.GetByLabel(new Regex("^Filter the rows of All test texts")).FillAsync("LEFT");
        string[] texts = [.. await rows.AllInnerTextsAsync()];
        Assert.InRange(texts.Length, 1, int.Parse(chosen[2].Value, CultureInfo.InvariantCulture) - 1);
        Assert.All(texts, text => Assert.Contains("left", text, StringComparison.Ordinal));
    });

    /// <summary>The page made from a report.json says of each text what the file says, also where no script runs; sorted, the surest errors stand first.</summary>
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Texts_OfAReportFile_AreShownWithTheirProbabilities(bool hasScripts) => browser.Visit(ReportExporter.Html.Export(ReportExporter.ReadJson(ReportExporter.Json.Export(s_report))), async page =>
    {
        var json = JsonNode.Parse(ReportExporter.Json.Export(s_report))!;
        var expected = json["texts"]!["texts"]!.AsArray().Select(text => (Text: (string)text!["text"]!, Probability: (double)text["first"]!["label"]!, Row: $"{Vote(text, "first")} | {Vote(text, "second")}")).ToArray();
        var table = page.Locator("table[aria-label^='All test texts']");
        Assert.Equal(expected.Select(text => text.Row), await Rows());
        if (!hasScripts) return;

        await table.GetByRole(AriaRole.Button, new() { Name = "sinusoidal: P(label)" }).ClickAsync();
        Assert.Equal(expected.OrderBy(text => text.Probability).Select(text => text.Row), await Rows());

        async Task<string[]> Rows() => await table.Locator("tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(row => [3, 4, 5, 6].map(cell => row.cells[cell].innerText).join(' | '))");

        string Vote(JsonNode text, string variant)
        {
            var vote = text[variant]!;
            string name = (string)json["data"]!["classes"]![(int)vote["class"]!]!;
            return string.Create(CultureInfo.InvariantCulture, $"{((int)vote["class"]! == (int)text["label"]! ? "✓" : "✗")} {name} {vote["for"]}/{vote["all"]} | {(double)vote["label"]! * 100:0.00}%");
        }
    }, new() { HasScripts = hasScripts });

    [BrowserFact]
    public Task Table_Copied_IsMarkdownOrCsvOfTheShownRows() => browser.Visit(TestPages.Of("report"), async page =>
    {
        await page.GetByLabel("Filter the rows of Comparisons", new() { Exact = false }).FillAsync("learned");
        int shown = await page.Locator("table[aria-label^=Comparisons] tbody tr").Locator("visible=true").CountAsync();
        var tools = page.Locator(".tools").Filter(new() { Has = page.GetByLabel("Filter the rows of Comparisons", new() { Exact = false }) });

        await tools.GetByText("Copy as Markdown").ClickAsync();
        string[] markdown = await Clipboard();
        Assert.Equal("question | outcome | first | second", string.Join(" | ", Regex.Matches(markdown[0], "[^|]+").Select(cell => cell.Value.Trim()).Take(4)));
        Assert.Equal(2 + shown, markdown.Length);
        Assert.InRange(shown, 1, s_report.Comparisons.Count - 1);
        Assert.All(markdown.Skip(2), line => Assert.Contains("learned", line, StringComparison.Ordinal));

        await tools.GetByText("Copy as CSV").ClickAsync();
        string[] csv = await Clipboard();
        Assert.StartsWith("\"question\",\"outcome\",\"first\",\"second\",", csv[0], StringComparison.Ordinal);
        Assert.Equal(1 + shown, csv.Length);

        async Task<string[]> Clipboard() => (await page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).TrimEnd('\n').Split('\n');
    });
}
