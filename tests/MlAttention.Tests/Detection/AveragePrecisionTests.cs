using MlAttention.Tests.Encoders;

namespace MlAttention.Tests.Detection;

public sealed class AveragePrecisionTests
{
    private static readonly Box s_left = new(0.2, 0.5, 0.2, 0.2), s_right = new(0.8, 0.5, 0.2, 0.2), s_elsewhere = new(0.5, 0.1, 0.1, 0.1);

    // Two objects of class 0 in the first image, one in the second. From the surest on: right, again the same, right, beside, right.
    private static readonly IReadOnlyList<IReadOnlyList<ImageObject>> s_truth = [[new(0, s_left), new(0, s_right)], [new(0, s_left)]];
    private static readonly IReadOnlyList<IReadOnlyList<DetectedObject>> s_found =
        [[new(0, s_left, 0.9), new(0, s_left, 0.8), new(0, s_right, 0.5)], [new(0, s_elsewhere, 0.6), new(0, s_left, 0.7)]];

    [Fact]
    public void Mean_HandSolved_IsTheAreaUnderPrecisionOverRecall() =>
        Assert.Equal((1.0 / 1 + 2.0 / 3 + 3.0 / 5) / 3, AveragePrecision.Mean(s_found, s_truth), 12);

    [Fact]
    public void Mean_ClassThatIsNeverFound_CountsAsZero() =>
        Assert.Equal((1.0 / 1 + 2.0 / 3 + 3.0 / 5) / 6, AveragePrecision.Mean(s_found, [[.. s_truth[0], new(1, s_elsewhere)], s_truth[1]]), 12);

    [Fact]
    public void OfClass_SurePrecisionLater_RaisesWhatComesBefore()
    {
        // Wrong, right, right: precision 1/2, then 2/3, which counts for both recalls.
        IReadOnlyList<IReadOnlyList<DetectedObject>> found = [[new(0, s_elsewhere, 0.9), new(0, s_left, 0.8), new(0, s_right, 0.7)]];
        Assert.Equal(2.0 / 3, AveragePrecision.OfClass(0, found, [s_truth[0]]), 12);
    }

    [Fact]
    public void Mean_HigherOverlapAsked_FindsLess()
    {
        IReadOnlyList<IReadOnlyList<DetectedObject>> shifted = [[new(0, s_left with { CentreX = 0.25 }, 1)]]; // IoU 0.15 / 0.25
        IReadOnlyList<IReadOnlyList<ImageObject>> truth = [[new(0, s_left)]];
        Assert.Equal(1, AveragePrecision.Mean(shifted, truth, iou: 0.59));
        Assert.Equal(0, AveragePrecision.Mean(shifted, truth, iou: 0.61));
    }

    [Fact]
    public void Mean_OtherClassAtTheSamePlace_IsWrong() => Assert.Equal(0, AveragePrecision.Mean([[new(1, s_left, 1)]], [[new(0, s_left)]]));

    [Fact]
    public void Mean_NothingToFind_IsRefused()
    {
        Assert.StartsWith("truth has no object", LayerChecks.Error(() => AveragePrecision.Mean([[]], [[]])), StringComparison.Ordinal);
        Assert.StartsWith("candidates are of 2 images, truth of 1.", LayerChecks.Error(() => AveragePrecision.Mean([[], []], [[]])), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => AveragePrecision.Mean(s_found, s_truth, iou: 0));
    }
}
