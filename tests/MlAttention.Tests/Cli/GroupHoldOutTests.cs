using MlAttention.Cli.Remarks;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class GroupHoldOutTests
{
    private readonly List<string> _said = [], _warned = [];

    [Fact]
    public void Choose_ManyGroups_HoldsOutByThemAndSaysSo()
    {
        Assert.Equal("Group", Choose(Rows(100, row => row / 2, row => row % 3), isGiven: false, new HoldOut(0.1, 1)));
        Assert.Equal("Held out by the column Group (50 groups): rows of one group stay together. --group none holds out row by row.", Assert.Single(_said));
        Assert.Empty(_warned);
    }

    [Theory]
    [InlineData(120, 1, "all rows are of one group")]
    [InlineData(30, 2, "whole groups come to 25.0% of the rows, where 10.0% are to be held out")]
    public void Choose_ColumnThatHappensToBeThereAndDoesHarm_IsLeftAlone(int smallGroup, int groups, string why)
    {
        Assert.Null(Choose(Rows(120, row => row < smallGroup ? 0 : groups - 1, row => row % 3), isGiven: false, new HoldOut(0.1, 1)));
        Assert.Contains(why, Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Contains("--group none", _warned[0], StringComparison.Ordinal);
        Assert.Empty(_said);
    }

    [Fact]
    public void Choose_GroupsThatAreClasses_WouldLoseOne()
    {
        var summary = Rows(90, row => row % 9, row => row % 9);

        Assert.Null(Choose(summary, isGiven: false, new HoldOut(0.1, 1)));
        Assert.Contains("1 class of 9 would be held out as a whole, and never be trained", Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Equal("Group", Choose(summary, isGiven: true, new HoldOut(0.1, 1)));
        Assert.StartsWith("Held out by the column Group (9 groups): 1 class of 9 would be", _warned[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_GivenColumnWithTooFewGroups_NamesItAndTheWayOut()
    {
        var one = Assert.Throws<InputException>(() => Choose(Rows(20, _ => 0, row => row % 2), isGiven: true, new HoldOut(0.1, 1)));
        var two = Assert.Throws<InputException>(() => Choose(Rows(20, row => row % 4 / 3, row => row % 2), isGiven: true, new HoldOut(0.25, 1), new HoldOut(0.1, 1)));

        Assert.Equal("--group Group: all rows are of one group, which cannot be divided. Name another column, or give --group none.", one.Message);
        Assert.Contains("it takes 3 groups to hold out 2 parts", two.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_NothingHeldOut_NeedsNoGroups()
    {
        Assert.Null(Choose(Rows(20, row => row, row => row % 2), isGiven: true));
        Assert.Empty(_said.Concat(_warned));
    }

    private string? Choose(DataSummary summary, bool isGiven, params HoldOut[] parts) => GroupHoldOut.Choose(summary, isGiven, parts, _said.Add, _warned.Add);

    private static DataSummary Rows(int count, Func<int, int> group, Func<int, int> label)
    {
        int[] groups = [.. Enumerable.Range(0, count).Select(group)], labels = [.. Enumerable.Range(0, count).Select(label)];
        return new()
        {
            Files = [], Rows = count, UnlabelledRows = 0, RowsByClass = new Dictionary<string, long>(), Words = count, LongestText = 1, LongestTextPlace = "row 1",
            Groups = new("Group", groups.Distinct().Count(), groups, labels), Warnings = [], Texts = new(),
        };
    }
}
