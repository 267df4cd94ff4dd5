using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Detection;

public sealed class BoxTests
{
    /// <summary>Left, upper, right and lower edge of two boxes, what they share of what both cover, and the generalised share.</summary>
    public static TheoryData<double[], double[], double, double> Pairs => new()
    {
        { [0, 0, 2, 2], [0, 0, 2, 2], 1, 1 },                                  // equal
        { [0, 0, 4, 4], [1, 1, 3, 3], 4.0 / 16, 4.0 / 16 },                    // nested: the larger is the smallest box around both
        { [0, 0, 2, 2], [1, 1, 3, 3], 1.0 / 7, 1.0 / 7 - (9.0 - 7) / 9 },      // overlapping
        { [0, 0, 1, 1], [3, 0, 4, 1], 0, -(4.0 - 2) / 4 },                     // apart
        { [0, 0, 1, 1], [1, 0, 2, 1], 0, 0 },                                  // an edge in common
        { [0, 0, 1, 1], [9, 9, 10, 10], 0, -(100.0 - 2) / 100 },               // far apart
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Iou_HandSolved_IsTheShareOfBothWays(double[] first, double[] second, double iou, double generalised)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Of(first), Of(second));
        Assert.Equal(iou, one.Iou(other), 12);
        Assert.Equal(iou, other.Iou(one), 12);
        Assert.Equal(iou, BoxTensors.Iou(Tensor(one), Tensor(other)).item<double>(), 12);
        Assert.Equal(generalised, BoxTensors.GeneralizedIou(Tensor(one), Tensor(other)).item<double>(), 12);
        Assert.Equal(generalised, BoxTensors.GeneralizedIou(Tensor(other), Tensor(one)).item<double>(), 12);
    }

    [Fact]
    public void Iou_BoxesWithoutArea_AreZeroAndNotNaN()
    {
        using var scope = NewDisposeScope();
        var point = Tensor(new(0.5, 0.5, 0, 0));
        Assert.Equal(0, new Box(0.5, 0.5, 0, 0).Iou(new(0.5, 0.5, 0, 0)));
        Assert.Equal(0, BoxTensors.GeneralizedIou(point, point).item<double>());
    }

    [Fact]
    public void GeneralizedIou_OfRowsAndColumns_IsThatOfEachPair()
    {
        using var scope = NewDisposeScope();
        var boxes = rand(5, 4, ScalarType.Float64);
        var pairs = BoxTensors.GeneralizedIou(boxes.unsqueeze(1), boxes[..3].unsqueeze(0));
        Assert.Equal([5, 3], pairs.shape);
        Assert.Equal(BoxTensors.GeneralizedIou(boxes[4], boxes[1]).item<double>(), pairs[4, 1].item<double>(), 12);
    }

    [Fact]
    public void GeneralizedIou_Gradients_AgreeWithFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (GradientCheck.Random([7, 4], 1).sigmoid(), GradientCheck.Random([7, 4], 2).sigmoid());
        GradientCheck.Run(() => BoxTensors.GeneralizedIou(one, other), one, other);
        GradientCheck.Run(() => BoxTensors.Iou(one, other), one, other);
    }

    [Fact]
    public void GeneralizedIou_BoxesApart_ArePulledTogether()
    {
        using var scope = NewDisposeScope();
        var apart = Tensor(new(0.1, 0.5, 0.1, 0.1)).requires_grad_();
        BoxTensors.GeneralizedIou(apart, Tensor(new(0.9, 0.5, 0.1, 0.1))).sum().backward();
        Assert.True(apart.grad![0, 0].item<double>() > 0);
    }

    [Fact]
    public void Iou_WrongShape_NamesTheBoxes() =>
        Assert.StartsWith("second must have shape [..,4]; got [2,3].", LayerChecks.Error(() => BoxTensors.Iou(zeros(2, 4), zeros(2, 3))), StringComparison.Ordinal);

    private static Box Of(double[] edges) => Box.Between(edges[0], edges[1], edges[2], edges[3]);

    private static Tensor Tensor(Box box) => tensor([box.CentreX, box.CentreY, box.Width, box.Height], [1, 4]);
}
