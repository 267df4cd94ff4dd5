using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class GroupedSplitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Grouped_GroupLargerThanTheShare_TakesASmallerOne(int seed)
    {
        int[] groups = [.. Enumerable.Repeat(0, 75), .. Enumerable.Repeat(1, 25)];
        Assert.Equal(25, RowSplit.Grouped(groups, 0.1, seed).Second.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Grouped_OneGroupThatFits_TakesItBeforeALargerOne(int seed)
    {
        int[] groups = [.. Enumerable.Repeat(0, 60), .. Enumerable.Repeat(1, 30), .. Enumerable.Repeat(2, 10)];
        Assert.Equal(10, RowSplit.Grouped(groups, 0.1, seed).Second.Length);
    }
}
