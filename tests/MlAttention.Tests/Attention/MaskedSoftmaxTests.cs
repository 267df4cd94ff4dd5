using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class MaskedSoftmaxTests
{
    private static readonly GoldenFile File = GoldenFile.Load("softmax_mask.json");

    [Theory]
    [InlineData("ln")]
    [InlineData("shift_invariance")]
    [InlineData("last_masked")]
    [InlineData("causal_3x3")]
    [GoldenCases("softmax_mask.json")]
    public void Apply_GoldenCase_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = File[name];
        var allowed = goldenCase.Has("mask") ? goldenCase.Allowed("mask") : null;
        TensorAssert.Close(goldenCase.Tensor("softmax"), MaskedSoftmax.Apply(goldenCase.Tensor("scores"), allowed));
    }

    [Theory]
    [InlineData("values")]
    [GoldenCases("softmax_mask.json")]
    public void Apply_ValuesCase_WeighsByHand(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = File[name];
        var weights = MaskedSoftmax.Apply(goldenCase.Tensor("scores"), goldenCase.Allowed("mask"));
        TensorAssert.Close(goldenCase.Tensor("output"), weights.matmul(goldenCase.Tensor("V")));
    }

    [Theory]
    [InlineData("fully_masked_row")]
    [InlineData("minus_1e9_instead_of_inf")]
    [GoldenCases("softmax_mask.json")]
    public void Apply_NothingAllowed_GivesZerosWherePyTorchGivesNaNOrAttendsToPadding(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = File[name];
        var scores = goldenCase.Tensor("scores").requires_grad_();

        var weights = MaskedSoftmax.Apply(scores, goldenCase.Allowed("mask"));

        TensorAssert.Close(zeros(3), weights, 0, 0);
        weights.mul(tensor(new float[] { 1, 2, 3 })).sum().backward();
        TensorAssert.Close(zeros(3), scores.grad!, 0, 0);
    }

    [Fact]
    public void Apply_OneRowEmpty_LeavesTheOthersAlone()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new double[,] { { 0, Math.Log(3) }, { 5, 7 } });
        var allowed = tensor(new bool[,] { { true, true }, { false, false } });
        TensorAssert.Close(tensor(new double[,] { { 0.25, 0.75 }, { 0, 0 } }), MaskedSoftmax.Apply(scores, allowed), 1e-15);
    }

    [Fact]
    public void Apply_Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var allowed = tensor(new bool[,] { { true, false, true }, { false, false, false } });
        var scores = GradientCheck.Random([2, 3], 1);
        GradientCheck.Run(() => MaskedSoftmax.Apply(scores, allowed), scores);
    }
}
