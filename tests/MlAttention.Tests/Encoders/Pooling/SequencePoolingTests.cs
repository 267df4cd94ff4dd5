using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders.Pooling;

public sealed class SequencePoolingTests
{
    public static TheoryData<PoolingKind> Kinds => [.. Enum.GetValues<PoolingKind>()];

    [Theory]
    [InlineData(PoolingKind.Mean, 2, 4)]
    [InlineData(PoolingKind.Max, 3, 7)]
    [InlineData(PoolingKind.Cls, 1, 7)]
    [InlineData(PoolingKind.First, 1, 7)]
    [InlineData(PoolingKind.Last, 3, 1)]
    [InlineData(PoolingKind.Attention, 2, 4)]
    [HandSolved(typeof(MeanPooling), typeof(MaxPooling), typeof(FirstPooling), typeof(LastPooling))]
    public void Forward_TwoTokensAndPadding_GivesTheHandSolvedVector(PoolingKind kind, double first, double second)
    {
        using var scope = NewDisposeScope();
        using var pooling = SequencePooling.Create(kind, 2);
        var x = tensor(new float[,,] { { { 1, 7 }, { 3, 1 }, { 100, 100 } } });

        var pooled = pooling.call(x, LayerChecks.Mask(3, 2));

        LayerChecks.AssertClose([first, second], pooled);
    }

    [Fact]
    [HandSolved(typeof(AttentionPooling))]
    public void Forward_AttentionWithTrainedQuery_WeighsBySoftmax()
    {
        using var scope = NewDisposeScope();
        using var pooling = new AttentionPooling(4);
        using (no_grad()) pooling.get_parameter("query")!.copy_(tensor(new[] { (float)(2 * Math.Log(3)), 0, 0, 0 }));
        var x = tensor(new float[,,] { { { 1, 8, 0, 4 }, { 0, 0, 4, 4 } } });

        // scores: 2 ln 3 / sqrt(4) = ln 3 and 0, so the weights are 3/4 and 1/4
        LayerChecks.AssertClose([0.75, 6, 1, 4], pooling.call(x, LayerChecks.Mask(2, 2)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_EmptySequence_GivesZerosAndNoGradient(PoolingKind kind)
    {
        using var scope = NewDisposeScope();
        using var pooling = SequencePooling.Create(kind, 3).WithNumbers();
        var x = LayerChecks.Numbers(1, 2, 5, 3).requires_grad_();

        var pooled = pooling.call(x, LayerChecks.Mask(5, 0, 2));
        pooled.sum().backward();

        LayerChecks.AssertClose(zeros(3), pooled[0], 0);
        LayerChecks.AssertClose(zeros(5, 3), x.grad![0], 0);
        LayerChecks.AssertClose(zeros(3, 3), x.grad![1].narrow(0, 2, 3), 0);
        Assert.True(x.grad![1].abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Create_UnknownKindOrWidth_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePooling.Create((PoolingKind)99, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequencePooling.Create(PoolingKind.Attention, 0));
    }
}
