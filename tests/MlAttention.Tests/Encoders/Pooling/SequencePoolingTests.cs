using MlAttention.Encoders.Pooling;
using MlAttention.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Weights;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders.Pooling;

public sealed class SequencePoolingTests
{
    public static TheoryData<PoolingKind> Kinds => [.. Enum.GetValues<PoolingKind>()];

    [Theory]
    [InlineData(PoolingKind.Mean, 2, 4)]
    [InlineData(PoolingKind.Max, 3, 7)]
    [InlineData(PoolingKind.Cls, 1, 7)]
    [InlineData(PoolingKind.Last, 3, 1)]
    [InlineData(PoolingKind.Attention, 2, 4)]
    public void Forward_TwoTokensAndPadding_GivesTheHandSolvedVector(PoolingKind kind, double first, double second)
    {
        using var scope = NewDisposeScope();
        using var pooling = PoolingFactory.Create(kind, 2);
        var x = tensor(new float[,,] { { { 1, 7 }, { 3, 1 }, { 100, 100 } } });

        var pooled = pooling.call(x, LayerChecks.Mask(3, 2));

        LayerChecks.AssertClose([first, second], pooled);
    }

    [Fact]
    public void Forward_AttentionWithTrainedQuery_WeighsBySoftmax()
    {
        using var scope = NewDisposeScope();
        using var pooling = new AttentionPooling(4);
        using (no_grad()) pooling.get_parameter("query").copy_(tensor(new[] { (float)(2 * Math.Log(3)), 0, 0, 0 }));
        var x = tensor(new float[,,] { { { 1, 8, 0, 4 }, { 0, 0, 4, 4 } } });

        // scores: 2 ln 3 / sqrt(4) = ln 3 and 0, so the weights are 3/4 and 1/4
        LayerChecks.AssertClose([0.75, 6, 1, 4], pooling.call(x, LayerChecks.Mask(2, 2)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_EmptySequence_GivesZerosAndNoGradient(PoolingKind kind)
    {
        using var scope = NewDisposeScope();
        using var pooling = PoolingFactory.Create(kind, 3).WithNumbers();
        var x = LayerChecks.Numbers(1, 2, 5, 3).requires_grad_();

        var pooled = pooling.call(x, LayerChecks.Mask(5, 0, 2));
        pooled.sum().backward();

        LayerChecks.AssertClose(zeros(3), pooled[0], 0);
        LayerChecks.AssertClose(zeros(5, 3), x.grad![0], 0);
        LayerChecks.AssertClose(zeros(3, 3), x.grad![1].narrow(0, 2, 3), 0);
        Assert.True(x.grad![1].abs().sum().item<float>() > 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_PaddedInAnyBatch_EqualsTheRowAlone(PoolingKind kind)
    {
        using var scope = NewDisposeScope();
        using var pooling = PoolingFactory.Create(kind, 5).WithNumbers();
        var row = LayerChecks.Numbers(2, 1, 3, 5);
        var batch = cat([LayerChecks.Numbers(3, 1, 7, 5), cat([row, full([1, 4, 5], 1e30f)], 1)]);

        var alone = pooling.call(row, LayerChecks.Mask(3, 3));
        var padded = pooling.call(batch, LayerChecks.Mask(7, 7, 3));

        LayerChecks.AssertClose(alone[0], padded[1]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_AgreesWithFiniteDifferences(PoolingKind kind)
    {
        using var pooling = PoolingFactory.Create(kind, 5).WithNumbers();
        LayerChecks.AssertGradients(pooling, inputs => pooling.call(inputs[0], LayerChecks.Mask(7, 7, 3, 1)), LayerChecks.Numbers(4, 3, 7, 5));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ForwardAndBackward_LeaveNoTensors(PoolingKind kind)
    {
        using var pooling = PoolingFactory.Create(kind, 5);
        using var x = LayerChecks.Numbers(4, 3, 7, 5).requires_grad_();
        using var mask = LayerChecks.Mask(7, 7, 3, 0);
        LiveTensors.AssertNoneLeft(() => pooling.call(x, mask));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_BadInput_SaysWhatIsWrong(PoolingKind kind)
    {
        using var scope = NewDisposeScope();
        using var pooling = PoolingFactory.Create(kind, 5);
        var x = LayerChecks.Numbers(1, 2, 3, 5);

        Assert.Contains("[B,L,D]", LayerChecks.Error(() => pooling.call(x[0], LayerChecks.Mask(3, 3))), StringComparison.Ordinal);
        Assert.Contains("mask must be boolean of shape [B,L]=[2,3]", LayerChecks.Error(() => pooling.call(x, LayerChecks.Mask(4, 3, 3))), StringComparison.Ordinal);
        Assert.Contains("got Float32 [2,3]", LayerChecks.Error(() => pooling.call(x, ones(2, 3))), StringComparison.Ordinal);
        Assert.Contains("NaN", LayerChecks.Error(() => pooling.call(x * float.NaN, LayerChecks.Mask(3, 3, 3))), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_AttentionSavedAndLoaded_GiveTheSameVector()
    {
        using var scope = NewDisposeScope();
        using var pooling = new AttentionPooling(5).WithNumbers();
        using var other = new AttentionPooling(5);
        var (x, mask) = (LayerChecks.Numbers(1, 2, 3, 5), LayerChecks.Mask(3, 3, 2));
        Assert.NotEqual(pooling.call(x, mask).ToDoubles(), other.call(x, mask).ToDoubles());

        ModuleWeights.Set(other, ModuleWeights.Get(pooling));

        Assert.Equal(pooling.call(x, mask).ToDoubles(), other.call(x, mask).ToDoubles());
    }

    [Fact]
    public void Create_UnknownKindOrWidth_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PoolingFactory.Create((PoolingKind)99, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PoolingFactory.Create(PoolingKind.Attention, 0));
    }
}
