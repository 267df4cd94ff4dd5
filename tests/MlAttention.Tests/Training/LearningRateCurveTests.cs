namespace MlAttention.Tests.Training;

public class LearningRateCurveTests
{
    [Theory]
    [InlineData(LearningRateSchedule.Cosine, 2, 1, 0.5, 0.0954915)]
    [InlineData(LearningRateSchedule.Linear, 2, 1, 0.5, 0.2)]
    [InlineData(LearningRateSchedule.Constant, 2, 1, 1, 1)]
    public void At_WarmupAndSchedule_FollowsTheFormula(LearningRateSchedule schedule, double highest, double start, double middle, double late)
    {
        var curve = new LearningRateCurve(new OptimizerOptions { LearningRate = highest, Schedule = schedule, WarmupFraction = 0.2 }, steps: 50);

        Assert.Equal(0.1 * highest, curve.At(0), 1e-6);
        Assert.Equal(highest, curve.At(9), 1e-6);
        Assert.Equal(start * highest, curve.At(10), 1e-6);
        Assert.Equal(middle * highest, curve.At(30), 1e-6);
        Assert.Equal(late * highest, curve.At(42), 1e-6);
        Assert.True(curve.At(49) > 0);
    }

    [Fact]
    public void At_NoWarmup_StartsAtTheFullRate() =>
        Assert.Equal(1e-3, new LearningRateCurve(new OptimizerOptions { WarmupFraction = 0 }, steps: 1).At(0));
}
