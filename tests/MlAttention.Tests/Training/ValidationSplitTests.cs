using MlAttention.Data;
using MlAttention.Training;

namespace MlAttention.Tests.Training;

public class ValidationSplitTests
{
    [Fact]
    public void Of_ManyRows_HoldsOutTheFractionOfEachClass()
    {
        var dataset = KeywordRows.Create(1000);

        var (training, validation) = ValidationSplit.Of(dataset, 0.2, seed: 5);

        Assert.Equal(Enumerable.Range(0, 1000), training.Concat(validation).Order());
        var counts = dataset.CountClasses();
        var heldOut = dataset.Select(validation).CountClasses();
        for (var c = 0; c < counts.Length; c++) Assert.InRange(heldOut[c], (int)(0.2 * counts[c]), (int)(0.2 * counts[c]) + 1);
    }

    [Fact]
    public void Of_AnotherSeed_HoldsOutOtherRows()
    {
        var dataset = KeywordRows.Create(100);

        Assert.Equal(ValidationSplit.Of(dataset, 0.2, 5).Validation, ValidationSplit.Of(dataset, 0.2, 5).Validation);
        Assert.NotEqual(ValidationSplit.Of(dataset, 0.2, 5).Validation, ValidationSplit.Of(dataset, 0.2, 6).Validation);
    }

    [Fact]
    public void Of_ClassOfOneRow_KeepsItForTraining()
    {
        var builder = new TokenDatasetBuilder(5, 3, 9, TruncationSide.KeepStart);
        builder.Add([1], 0);
        builder.Add([2], 1);
        builder.Add([3], 1);

        var (training, validation) = ValidationSplit.Of(builder.Build(), 0.99, seed: 1);

        Assert.Contains(0, training);
        Assert.Single(validation);
    }
}
