using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation.Runs;

public class SplitAndOrderTests
{
    [Fact]
    public void GroupedSplit_Groups_AreNeverDivided()
    {
        int[] groups = [.. Enumerable.Range(0, 120).Select(row => row % 20)];
        var (first, second) = RowSplit.Grouped(groups, 0.25, seed: 3);
        Assert.Equal(30, second.Length);
        Assert.Equal(120, first.Length + second.Length);
        Assert.Empty(first.Select(row => groups[row]).Intersect(second.Select(row => groups[row])));
        Assert.Equal(first.Order(), first);
    }

    [Theory]
    [InlineData(30, 90)]
    [InlineData(90, 30)]
    [InlineData(30, 60, 30)]
    public void GroupedSplit_GroupFarBeyondTheShare_IsNotTaken(params int[] sizes)
    {
        int[] groups = [.. sizes.SelectMany((size, group) => Enumerable.Repeat(group, size))];
        for (int seed = 1; seed <= 20; seed++) Assert.Equal(30, RowSplit.Grouped(groups, 0.1, seed).Second.Length);
    }

    [Fact]
    public void GroupedSplit_OtherSeed_TakesOtherGroups()
    {
        int[] groups = [.. Enumerable.Range(0, 120).Select(row => row % 20)];
        Assert.NotEqual(RowSplit.Grouped(groups, 0.25, 1).Second, RowSplit.Grouped(groups, 0.25, 2).Second);
        Assert.Equal(RowSplit.Grouped(groups, 0.25, 1).Second, RowSplit.Grouped(groups, 0.25, 1).Second);
    }

    [Fact]
    public void GroupedSplit_OneGroup_SaysWhy() => Assert.Throws<ArgumentException>(() => RowSplit.Grouped([1, 1, 1], 0.5, 1));

    [Fact]
    public void Shuffled_Texts_KeepTheirTokensAndLabels()
    {
        var texts = FakeAblation.Data.Test;
        var shuffled = TokenOrder.Shuffled(texts, 1);
        Assert.Equal(texts.Labels, shuffled.Labels);
        Assert.NotEqual(texts.Tokens, shuffled.Tokens);
        Assert.All(Enumerable.Range(0, texts.Count), row => Assert.Equal(texts.Row(row).ToArray().Order(), shuffled.Row(row).ToArray().Order()));
        Assert.NotEqual(shuffled.Tokens, TokenOrder.Shuffled(texts, 2).Tokens);
    }

    [Theory]
    [InlineData(OrderedParts.All)]
    [InlineData(OrderedParts.First)]
    [InlineData(OrderedParts.Second)]
    public void Shuffled_Pairs_KeepTheirSeparatorAndWordsInTheirPart(OrderedParts parts)
    {
        const int Separator = 9;
        var builder = new TokenDatasetBuilder(20, 2, 50, TruncationSide.KeepStart);
        int[] first = [1, 2, 3, 4, 5, 6, 7, 8], second = [11, 12, 13, 14, 15, 16, 17, 18];
        for (int row = 0; row < 3; row++) builder.Add([.. first, Separator, .. second], 0);
        var texts = builder.Build();

        var (shuffled, reversed) = (TokenOrder.Shuffled(texts, 1, Separator, parts), TokenOrder.Reversed(texts, Separator, parts));

        Assert.All(Enumerable.Range(0, 3), row =>
        {
            int[] tokens = shuffled.Row(row).ToArray();
            Assert.Equal(Separator, tokens[8]);
            Assert.Equal(first, tokens[..8].Order());
            Assert.Equal(second, tokens[9..].Order());
            Assert.Equal(parts == OrderedParts.Second, tokens.Take(8).SequenceEqual(first));
            Assert.Equal(parts == OrderedParts.First, tokens.Skip(9).SequenceEqual(second));
        });
        Assert.Equal([.. parts == OrderedParts.Second ? first : first.Reverse(), Separator, .. parts == OrderedParts.First ? second : second.Reverse()], reversed.Row(0).ToArray());
    }

    [Fact]
    public void Reversed_Twice_IsTheText()
    {
        var texts = FakeAblation.Data.Test;
        Assert.Equal(texts.Row(4).ToArray().Reverse(), TokenOrder.Reversed(texts).Row(4).ToArray());
        Assert.Equal(texts.Tokens, TokenOrder.Reversed(TokenOrder.Reversed(texts)).Tokens);
    }
}
