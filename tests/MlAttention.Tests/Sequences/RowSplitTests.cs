using MlAttention.Core.Sequences;
using MlAttention.Tests.Training;

namespace MlAttention.Tests.Sequences;

public class RowSplitTests
{
    [Fact]
    public void HoldOut_ManyRows_HoldsOutTheFractionOfEachClass()
    {
        var dataset = KeywordRows.Create(1000);

        var (training, validation) = RowSplit.HoldOut(dataset, 0.2, seed: 5);

        Assert.Equal(Enumerable.Range(0, 1000), training.Concat(validation).Order());
        var counts = dataset.CountClasses();
        var heldOut = dataset.Select(validation).CountClasses();
        for (var c = 0; c < counts.Length; c++) Assert.InRange(heldOut[c], (int)(0.2 * counts[c]), (int)(0.2 * counts[c]) + 1);
    }

    [Fact]
    public void HoldOut_AnotherSeed_HoldsOutOtherRows()
    {
        var dataset = KeywordRows.Create(100);

        Assert.Equal(RowSplit.HoldOut(dataset, 0.2, 5).Validation, RowSplit.HoldOut(dataset, 0.2, 5).Validation);
        Assert.NotEqual(RowSplit.HoldOut(dataset, 0.2, 5).Validation, RowSplit.HoldOut(dataset, 0.2, 6).Validation);
    }

    [Fact]
    public void HoldOut_ClassOfOneRow_KeepsItForTraining()
    {
        var builder = new TokenDatasetBuilder(5, 3, 9, TruncationSide.KeepStart);
        builder.Add([1], 0);
        builder.Add([2], 1);
        builder.Add([3], 1);

        var (training, validation) = RowSplit.HoldOut(builder.Build(), 0.99, seed: 1);

        Assert.Contains(0, training);
        Assert.Single(validation);
    }

    [Theory]
    [InlineData(1, new[] { 0, 10, 13, 17, 19, 20, 33, 39 }, new[] { 8, 12, 13, 18, 21, 34, 37 }, new[] { 2, 9, 13, 20, 24, 31, 35 })]
    [InlineData(2, new[] { 3, 5, 14, 16, 24, 36, 37, 38 }, new[] { 2, 18, 26, 32, 33, 34, 35 }, new[] { 3, 8, 14, 19, 25, 30, 36 })]
    public void AllWays_Seed_ChooseTheSameRowsForEver(int seed, int[] validation, int[] stratified, int[] grouped)
    {
        var builder = new TokenDatasetBuilder(5, classCount: 5, 9, TruncationSide.KeepStart);
        string[] labels = [.. Enumerable.Range(0, 40).Select(row => row % 7 == 0 ? "rare" : row % 3 == 0 ? "other" : "often")];
        foreach (string label in labels) builder.Add([1], label switch { "rare" => 0, "other" => 2, _ => 4 });
        int[] groups = [.. Enumerable.Range(0, 40).Select(row => row * row % 11)];

        Assert.Equal(validation, RowSplit.HoldOut(builder.Build(), 0.2, seed).Validation);
        Assert.Equal(stratified, RowSplit.Stratified(labels, 0.2, seed).Second);
        Assert.Equal(grouped, RowSplit.Grouped(groups, 0.2, seed).Second);
        Assert.Equal(grouped, RowSplit.Grouped(groups.Select(group => $"group {group}").ToArray(), 0.2, seed).Second);
    }
}
