using MlAttention.Training;

namespace MlAttention.Tests.Training;

public class GroupedSplitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_GroupLargerThanTheShare_TakesASmallerOne(int seed)
    {
        int[] groups = [.. Enumerable.Repeat(0, 75), .. Enumerable.Repeat(1, 25)];
        Assert.Equal(25, GroupedSplit.Of(groups, 0.1, seed).Second.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_OneGroupThatFits_TakesItBeforeALargerOne(int seed)
    {
        int[] groups = [.. Enumerable.Repeat(0, 60), .. Enumerable.Repeat(1, 30), .. Enumerable.Repeat(2, 10)];
        Assert.Equal(10, GroupedSplit.Of(groups, 0.1, seed).Second.Length);
    }
}
