using MlAttention.Ablation.Report;
using MlAttention.Cli.Terminal;
using Spectre.Console;

namespace MlAttention.Tests.Cli;

public class HeadMapTests
{
    [Fact]
    public void Lines_ShortText_ShadeEachWeightByTheLargest()
    {
        string[] lines = Lines(["the", "cat"], [0.5, 0.5, 0.1, 0.9], 80);
        Assert.Equal(
        [
            "Layer 1, head 2: a row's token attends to the columns' tokens",
            "      1 2",
            "1 the ▒▒▒▒",
            "2 cat   ██",
            "░ 22.5%  ▒ 45.0%  ▓ 67.5%  █ 90.0%",
        ], lines);
    }

    [Theory]
    [InlineData(40, 80)]
    [InlineData(500, 80)]
    [InlineData(500, 40)]
    [InlineData(9, 24)]
    public void Lines_AnyTextAndWidth_StayWithinIt(int length, int width)
    {
        string[] tokens = [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? "an-uncommonly-long-token-of-a-text" : "口座口座口座口座口座口座")];
        string[] lines = Lines(tokens, [.. Enumerable.Range(0, length * length).Select(i => i % (length + 1) == 0 ? 1.0 : 0)], width);
        Assert.All(lines[1..^1], line => Assert.InRange(line.GetCellWidth(), 1, width));
        Assert.Contains("██", lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_TokenThatATerminalObeys_IsShownHarmless()
    {
        string[] lines = Lines(["\u001b[2J", "\u202Eb\n"], [1, 0, 0, 1], 80);
        Assert.Equal(["1 \uFFFD[2J ██", "2 \uFFFDb\uFFFD    ██"], lines[2..4]);
    }

    private static string[] Lines(string[] tokens, double[] weights, int width)
    {
        var head = new AttentionHead(0, 1, weights, Entropy: 0, MeanDistance: 0, DiagonalShare: 0, PreviousShare: 0);
        return [.. HeadMap.Lines(new AttentionPattern(PositionScheme.None, tokens, [head]), head, width)];
    }
}
