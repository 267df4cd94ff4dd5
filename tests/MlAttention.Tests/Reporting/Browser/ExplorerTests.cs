using System.Globalization;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Explorer;
using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Reporting.Browser;

/// <summary>The attention explorer in a real browser: its lines against the weights that it was given.</summary>
[Collection(BrowserFixture.Name)]
public class ExplorerTests(BrowserFixture browser)
{
    private const string Look = """
        () => {
        const view = name => document.querySelector(`[data-view=${name}]`);
        const lines = name => [...view(name).querySelectorAll('line')].map(line => [line.dataset.layer, line.dataset.head, line.dataset.from, line.dataset.to, line.dataset.weight].join(' ')).sort().join('; ');
        const token = (name, side, place) => view(name).querySelector(`.token[data-side=${side}][data-token="${place}"]`);
        return [LOOK].map(String);
        }
        """;

    private static readonly string[] s_first = ["<img src=x onerror=alert(1)>", "b", "a", "b"], s_second = ["b", "a", "b", "c"];

    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Page_InABrowser_DrawsTheWeightsOfTheChosenHeads(bool all)
    {
        var pattern = Made(s_first, 1);

        string[] seen = await Seen([new("The text", pattern, ["x"])], (all ? "(document.querySelector('[data-heads=all]').click(), '')" : "''") + ", lines('first'), document.querySelector('[data-control=layer]').value");

        int layer = int.Parse(seen[2], CultureInfo.InvariantCulture);
        var heads = pattern.Heads.Where(head => head.Layer + 1 == layer).ToArray();
        var sharpest = pattern.Heads.MinBy(head => head.Entropy)!;
        Assert.Equal(sharpest.Layer + 1, layer);
        Assert.Equal(Lines((all ? heads : [sharpest]).SelectMany(head => Cells(head, (_, _) => true))), seen[1]);
    }

    [BrowserTheory]
    [InlineData("from")]
    [InlineData("to")]
    public async Task Token_ChosenInABrowser_ShowsItsLinesAloneAndSoDoesItsPartner(string side)
    {
        var (first, second) = (Made(s_first, 1), Made(s_second, 2));
        var sharpest = first.Heads.MinBy(head => head.Entropy)!;
        var other = second.Heads.Single(head => (head.Layer, head.Head) == (sharpest.Layer, sharpest.Head));

        string[] seen = await Seen([new("First", first, ["x"]), new("Second", second, ["x"])],
            $"(token('first', '{side}', 3).click(), lines('first')), lines('second'), document.querySelector('[data-readout]').textContent, (token('first', '{side}', 3).click(), lines('first').split('; ').length)");

        // The second "b" of the first text is its token 3, that of the second its token 2.
        Assert.Equal(Lines(Cells(sharpest, (from, to) => (side == "from" ? from : to) == 3)), seen[0]);
        Assert.Equal(Lines(Cells(other, (from, to) => (side == "from" ? from : to) == 2)), seen[1]);
        Assert.Contains(side == "from" ? "b\u2069 (token 4) looks at " : "b\u2069 (token 4) is looked at by ", seen[2], StringComparison.Ordinal);
        Assert.Equal("16", seen[3]); // chosen again, it lets all lines return
    }

    [BrowserTheory]
    [InlineData(400)]
    public async Task Difference_InABrowser_IsSecondLessFirstForWordsOfBoth(int width)
    {
        var (first, second) = (Made(s_first, 1), Made(s_second, 2));
        var sharpest = first.Heads.MinBy(head => head.Entropy)!;
        var other = second.Heads.Single(head => (head.Layer, head.Head) == (sharpest.Layer, sharpest.Head));
        (int One, int Other)[] partners = [(1, 0), (2, 1), (3, 2)];

        string[] seen = await Seen([new("First", first, ["x"]), new("Second", second, ["x"])],
            "lines('difference'), [...document.querySelectorAll('[data-note]')].map(note => note.textContent).join(' '), document.querySelectorAll('img').length, view('first').querySelector('.token').textContent, document.documentElement.scrollWidth", width);

        var expected = partners.SelectMany(from => partners.Select(to => (from.One, To: to.One, Weight: Math.Round(other.Weights[from.Other * 4 + to.Other] - sharpest.Weights[from.One * 4 + to.One], 4))));
        Assert.Equal(Lines(expected.Where(line => line.Weight != 0).Select(line => Line(sharpest, line.One, line.To, line.Weight))), seen[0]);
        Assert.Contains("2 tokens of the two have no partner", seen[1], StringComparison.Ordinal);
        Assert.Equal(("0", s_first[0].Replace(" ", "U+0020", StringComparison.Ordinal)), (seen[2], seen[3])); // shown, not made
        Assert.Equal(width.ToString(CultureInfo.InvariantCulture), seen[4]);
    }

    [BrowserTheory]
    [InlineData(400)]
    [InlineData(1280)]
    public async Task Page_Of500Tokens_StaysWithinItsWidthAndIsolatesAToken(int width)
    {
        string[] tokens = [.. Enumerable.Range(0, 500).Select(i => $"token{i}")];

        string[] seen = await Seen([new("The text", Made(tokens, 3), ["x"])],
            "document.documentElement.scrollWidth, document.querySelectorAll('.token').length, (token('first', 'from', 499).click(), lines('first').split('; ').every(line => line.split(' ')[2] === '499')), view('first').querySelectorAll('line').length > 0", width);

        Assert.Equal([$"{width}", "1000", "true", "true"], seen);
    }

    private static AttentionPattern Made(string[] tokens, int seed)
    {
        var random = new Random(seed);
        return new(PositionScheme.None, tokens, [.. Enumerable.Range(0, 4).Select(index => AttentionReader.Summarize(index / 2, index % 2, [.. Enumerable.Range(0, tokens.Length * tokens.Length).Select(_ => random.NextSingle() / 2)], tokens.Length))]) { Probabilities = [1] };
    }

    private static IEnumerable<string> Cells(AttentionHead head, Func<int, int, bool> isShown) =>
        from cell in Enumerable.Range(0, head.Weights.Length)
        where head.Weights[cell] > 0 && isShown(cell / 4, cell % 4)
        select Line(head, cell / 4, cell % 4, head.Weights[cell]);

    private static string Line(AttentionHead head, int from, int to, double weight) => FormattableString.Invariant($"{head.Layer + 1} {head.Head + 1} {from} {to} {weight}");

    private static string Lines(IEnumerable<string> lines) => string.Join("; ", lines.Order(StringComparer.Ordinal));

    private async Task<string[]> Seen(IReadOnlyList<ExploredPattern> patterns, string look, int width = 1280)
    {
        string[] seen = [];
        await browser.Visit(AttentionPage.Write("text", "strip", patterns, null), async page => seen = await page.EvaluateAsync<string[]>(Look.Replace("LOOK", look, StringComparison.Ordinal)), new(Width: width));
        return seen;
    }
}
