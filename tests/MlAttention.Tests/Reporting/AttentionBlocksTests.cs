using System.Xml.Linq;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Reporting;

public class AttentionBlocksTests
{
    private static readonly AttentionHead s_head = Head(5,
    [
        0.5, 0.1, 0.2, 0.1, 0.1,
        0.3, 0.3, 0.2, 0.1, 0.1,
        0.0, 0.0, 1.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.6, 0.4,
        0.2, 0.2, 0.2, 0.2, 0.2,
    ]);

    [Fact]
    public void Of_TextThatFits_AreTheWeights()
    {
        var blocks = AttentionBlocks.Of(s_head, 5, most: 5);
        Assert.Equal((1, 5), (blocks.Size, blocks.Count));
        Assert.Equal(s_head.Weights, blocks.Shares);
        Assert.Equal("3 c", blocks.Name(2, ["a", "b", "c", "d", "e"]));
    }

    [Fact]
    public void Of_LongerText_AddsKeysAndAveragesQueries()
    {
        var blocks = AttentionBlocks.Of(s_head, 5, most: 3);
        Assert.Equal((2, 3), (blocks.Size, blocks.Count));
        Assert.Equal([0.6, 0.3, 0.1, 0.0, 0.8, 0.2, 0.4, 0.4, 0.2], blocks.Shares.Select(share => Math.Round(share, 12)));
        Assert.Equal(["1–2", "3–4", "5"], Enumerable.Range(0, 3).Select(block => blocks.Name(block, ["a", "b", "c", "d", "e"])));
    }

    [Fact]
    public void DrawHead_AnyText_HasTitleAxesColourBarAndACellForEachPair()
    {
        string[] tokens = ["a", "<script>", "c", "d", "e"];
        var figure = XElement.Parse(AttentionHeatMap.DrawHead(new AttentionPattern(PositionScheme.None, tokens, [s_head]), s_head));
        string[] texts = [.. figure.Elements().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];
        Assert.Superset(new HashSet<string>(["Layer 2, head 3", "to: key →", "from: query", "2 <script>", "0.0%", "100.0%"]), texts.ToHashSet());
        Assert.Equal(25, figure.Elements().Count(element => element.Elements().Any(child => child.Name.LocalName == "title")));
    }

    [Fact]
    public void DrawHead_500Tokens_SaysThatCellsAreBlocks()
    {
        var head = Head(500, [.. Enumerable.Repeat(1 / 500.0, 500 * 500)]);
        string svg = AttentionHeatMap.DrawHead(new AttentionPattern(PositionScheme.None, [.. Enumerable.Repeat("a", 500)], [head]), head);
        Assert.Contains("tokens by 8", svg, StringComparison.Ordinal);
        Assert.Contains("497–500", svg, StringComparison.Ordinal);
        Assert.InRange(svg.Length, 1, 700_000);
    }

    private static AttentionHead Head(int length, double[] weights)
    {
        Assert.Equal(length * length, weights.Length);
        return new(1, 2, weights, Entropy: 1, MeanDistance: 1, DiagonalShare: 0.5, PreviousShare: 0.1);
    }
}
