using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Sequences;

public class ClassWeightingTests
{
    [Fact]
    public void Of_BalanceClasses_WeighsByInverseFrequency()
    {
        var weights = ClassWeighting.Of(Dataset(), balance: true, given: null);

        Assert.Equal([4f / (2 * 3), 4f / (2 * 1), 0], weights);
    }

    [Fact]
    public void Of_WrongCount_SaysHowManyAreNeeded()
    {
        var error = Assert.Throws<ArgumentException>(() => ClassWeighting.Of(Dataset(), balance: false, given: [1, 2]));

        Assert.Contains("2 weight(s); the label has 3 classes", error.Message, StringComparison.Ordinal);
    }

    private static TokenDataset Dataset()
    {
        var builder = new TokenDatasetBuilder(5, 3, 9, TruncationSide.KeepStart);
        foreach (var label in (int[])[0, 1, 0, 0]) builder.Add([1], label);
        return builder.Build();
    }
}
