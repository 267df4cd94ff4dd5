using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Detection;

public sealed class SetLossTests
{
    private static readonly Box s_box = new(0.5, 0.5, 0.4, 0.4);
    private static readonly IReadOnlyList<IReadOnlyList<ImageObject>> s_one = [[new(0, s_box)]];

    [Fact]
    public void Of_TwoQueriesAndAnObject_IsTheSumWorkedOutByHand()
    {
        using var scope = NewDisposeScope();

        // Query 0 is surer of the class, but its box is elsewhere; that of query 1 is 0.1 too far to the right: IoU = GIoU = 0.12 / 0.2.
        var found = Predictions([[0.75, 0.25], [0.5, 0.5]], [new(0.1, 0.1, 0.1, 0.1), new(0.6, 0.5, 0.4, 0.4)]);

        var loss = new SetLoss().Of(found, s_one);

        Assert.Equal([1], loss.Matches[0]);
        double crossEntropy = (0.1 * Math.Log(4) + Math.Log(2)) / 1.1;
        Assert.Equal(crossEntropy, loss.CrossEntropy.item<double>(), 10);
        Assert.Equal(0.1, loss.Distance.item<double>(), 10);
        Assert.Equal(1 - 0.6, loss.Overlap.item<double>(), 10);
        Assert.Equal(crossEntropy + 5 * 0.1 + 2 * 0.4, loss.Total.item<double>(), 10);
    }

    [Theory]
    [InlineData(nameof(SetLossOptions.ClassWeight))]
    [InlineData(nameof(SetLossOptions.DistanceWeight))]
    [InlineData(nameof(SetLossOptions.OverlapWeight))]
    [InlineData(nameof(SetLossOptions.NoObjectWeight))]
    public void Of_EachOption_ChangesTheLoss(string option)
    {
        using var scope = NewDisposeScope();
        var found = Predictions([[0.75, 0.25], [0.5, 0.5]], [new(0.1, 0.1, 0.1, 0.1), new(0.6, 0.5, 0.4, 0.4)]);
        var defaults = new SetLossOptions();
        var changed = option switch
        {
            nameof(SetLossOptions.ClassWeight) => defaults with { ClassWeight = 2 },
            nameof(SetLossOptions.DistanceWeight) => defaults with { DistanceWeight = 1 },
            nameof(SetLossOptions.OverlapWeight) => defaults with { OverlapWeight = 0 },
            _ => defaults with { NoObjectWeight = 1 },
        };
        Assert.NotEqual(new SetLoss().Of(found, s_one).Total.item<double>(), new SetLoss(changed).Of(found, s_one).Total.item<double>());
    }

    [Fact]
    public void Match_Weights_DecideBetweenClassAndBox()
    {
        using var scope = NewDisposeScope();
        var found = Predictions([[0.2, 0.8], [0.9, 0.1]], [s_box, new(0.1, 0.1, 0.1, 0.1)]);
        Assert.Equal([0], new SetLoss().Match(found, s_one)[0]);
        Assert.Equal([1], new SetLoss(new() { DistanceWeight = 0, OverlapWeight = 0 }).Match(found, s_one)[0]);
    }

    [Fact]
    public void Of_Gradients_AgreeWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var (images, queries, classes) = (3, 5, 2);
        var logits = GradientCheck.Random([images, queries, classes + 1], 1);
        var boxes = GradientCheck.Random([images, queries, 4], 2).sigmoid().mul(0.5);
        var loss = new SetLoss();
        GradientCheck.Run(() => loss.Of(new(logits, boxes), Objects()).Total.reshape(1), logits, boxes);
        GradientCheck.Run(() => loss.Of(new(logits, boxes), Objects()).Distance.reshape(1), boxes);
    }

    [Fact]
    public void Of_ObjectsOrQueriesInAnotherOrder_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var (logits, boxes) = (GradientCheck.Random([3, 5, 3], 1), GradientCheck.Random([3, 5, 4], 2).sigmoid());
        var (loss, order) = (new SetLoss(), tensor(new long[] { 4, 2, 0, 1, 3 }));
        double expected = loss.Of(new(logits, boxes), Objects()).Total.item<double>();
        Assert.Equal(expected, loss.Of(new(logits, boxes), [.. Objects().Select(objects => objects.Reverse().ToArray())]).Total.item<double>(), 12);
        Assert.Equal(expected, loss.Of(new(logits.index_select(1, order), boxes.index_select(1, order)), Objects()).Total.item<double>(), 12);
    }

    [Fact]
    public void Of_NoObjects_TeachesNoObjectAlone()
    {
        using var scope = NewDisposeScope();
        var (logits, boxes) = (zeros(1, 2, 3, ScalarType.Float64).requires_grad_(), rand(1, 2, 4, ScalarType.Float64).requires_grad_());
        var loss = new SetLoss().Of(new(logits, boxes), [[]]);
        loss.Total.backward();
        Assert.Equal(Math.Log(3), loss.Total.item<double>(), 12);
        Assert.All(logits.grad!.select(2, 2).data<double>(), gradient => Assert.True(gradient < 0));
        Assert.Equal(0, boxes.grad?.abs().sum().item<double>() ?? 0);
    }

    [Fact]
    public void Of_MoreObjectsThanQueries_SaysWhichImage() =>
        Assert.StartsWith("Image 0 has 3 objects; the predictions have 2 queries", Error([[.. Enumerable.Repeat(new ImageObject(0, s_box), 3)]]), StringComparison.Ordinal);

    [Fact]
    public void Of_WrongTruth_SaysWhatIsExpected()
    {
        Assert.StartsWith("Object 0 of image 0 has class 1; classes are from 0 to 0.", Error([[new(1, s_box)]]), StringComparison.Ordinal);
        Assert.Contains("width and height must be greater than 0", Error([[new(0, s_box with { Width = 0 })]]), StringComparison.Ordinal);
        Assert.Contains("all four numbers finite", Error([[new(0, s_box with { CentreX = double.NaN })]]), StringComparison.Ordinal);
        Assert.StartsWith("truth has the objects of 2 images; the predictions are of 1.", Error([[], []]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WrongPredictions_SaysWhatIsExpected()
    {
        Assert.StartsWith("Boxes must have shape [B,Q,4]=[1,2,4]; got [1,3,4].", LayerChecks.Error(() => new SetLoss().Of(new(zeros(1, 2, 2), zeros(1, 3, 4)), s_one)), StringComparison.Ordinal);
        Assert.StartsWith("Logits has 4 NaN value(s)", LayerChecks.Error(() => new SetLoss().Of(new(full([1, 2, 2], double.NaN), zeros(1, 2, 4)), s_one)), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WrongOptions_ListsAll()
    {
        string error = LayerChecks.Error(() => new SetLoss(new() { ClassWeight = -1, DistanceWeight = double.NaN, OverlapWeight = -2, NoObjectWeight = 0 }));
        Assert.Equal(4, error.Split("must be").Length - 1);
    }

    private static string Error(IReadOnlyList<IReadOnlyList<ImageObject>> truth) => LayerChecks.Error(() => new SetLoss().Of(new(zeros(1, 2, 2), full([1, 2, 4], 0.5)), truth));

    private static Detections Predictions(double[][] probabilities, Box[] boxes) => new(
        tensor(probabilities.SelectMany(row => row).ToArray(), [1, probabilities.Length, probabilities[0].Length]).log(),
        tensor(boxes.SelectMany(box => new[] { box.CentreX, box.CentreY, box.Width, box.Height }).ToArray(), [1, boxes.Length, 4]));

    private static IReadOnlyList<IReadOnlyList<ImageObject>> Objects() =>
        [[new(0, new(0.2, 0.3, 0.2, 0.1)), new(1, new(0.7, 0.6, 0.3, 0.4)), new(1, new(0.3, 0.8, 0.1, 0.2))], [], [new(1, new(0.5, 0.5, 0.5, 0.4))]];
}
