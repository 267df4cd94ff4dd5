using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class ArithmeticTests
{
    private readonly Tensor _a = tensor(new float[] { 1, -2, 3 });
    private readonly Tensor _b = tensor(new float[] { 4, 5, -6 });

    [Fact]
    public void Operators_OnTensors_WorkElementByElement()
    {
        Values.Equal([5, 3, -3], _a + _b);
        Values.Equal([-3, -7, 9], _a - _b);
        Values.Equal([4, -10, -18], _a * _b);
        Values.Equal([0.25, -0.4, -0.5], _a / _b);
        Values.Equal([-1, 2, -3], -_a);
    }

    [Fact]
    public void Operators_WithNumbersOnEitherSide_KeepTheOrder()
    {
        Values.Equal([3, 0, 5], _a + 2);
        Values.Equal([1, 4, -1], 2 - _a);
        Values.Equal([0.5, -1, 1.5], _a / 2.0);
        Values.Equal([2, -1, 2.0 / 3], 2 / _a);
        Values.Equal([1.5, -3, 4.5], 1.5f * _a);
    }

    [Fact]
    public void Operators_OnDifferentShapes_Broadcast()
    {
        using Tensor column = tensor(new float[] { 10, 20 }, [2, 1]);
        Values.Equal([11, 8, 13, 21, 18, 23], column + _a);
    }

    [Fact]
    public void InPlace_ChangesAndReturnsTheSameObject()
    {
        Tensor result = _a.add_(_b, 2);
        Assert.Same(_a, result);
        Values.Equal([9, 8, -9], _a);
        Values.Equal([18, 16, -18], _a.mul_(2));
        Values.Equal([17, 15, -19], _a.sub_(1));
        Values.Equal([8.5, 7.5, -9.5], _a.div_(2));
    }

    [Fact]
    public void Addcdiv_AndAddcmul_FollowTheirFormulas()
    {
        Values.Equal([1.5, -2.8, 2], tensor(new float[] { 1, -2, 3 }).addcdiv_(_a, _b, 2), 1e-6);
        Values.Equal([9, -22, -33], tensor(new float[] { 1, -2, 3 }).addcmul_(_a, _b, 2));
    }

    [Fact]
    public void Functions_AtKnownPoints_HaveKnownValues()
    {
        using Tensor x = tensor(new[] { 0.0, 1, 4 });
        Values.Equal([1, Math.E, Math.Exp(4)], x.exp());
        Values.Equal([0, 1, 2], x.sqrt());
        Values.Equal([0, Math.Log(2), Math.Log(5)], (x + 1).log());
        Values.Equal([0.5, 1 / (1 + Math.Exp(-1)), 1 / (1 + Math.Exp(-4))], x.sigmoid());
        Values.Equal([0, Math.Tanh(1), Math.Tanh(4)], x.tanh());
        Values.Equal([0, 1, 16], x.pow(2));
        Values.Equal([1, 1 / Math.Sqrt(2), 1 / Math.Sqrt(5)], (x + 1).rsqrt());
        Values.Equal([Math.Sin(0), Math.Sin(1), Math.Sin(4)], x.sin());
        Values.Equal([Math.Cos(0), Math.Cos(1), Math.Cos(4)], x.cos());
    }

    [Fact]
    public void Gelu_IsTheExactFormNotTheTanhApproximation()
    {
        using Tensor x = tensor(new[] { -1.0, 0, 1 });
        Values.Equal([-0.15865525393145707, 0, 0.8413447460685429], nn.functional.gelu(x), 1e-12);
    }

    [Fact]
    public void Clamp_WithOneOrBothBounds_Limits()
    {
        Values.Equal([1, 0, 2], _a.clamp(0, 2));
        Values.Equal([1, -2, 2], _a.clamp(max: 2));
        Values.Equal([1, 0, 3], _a.clamp(min: 0));
    }

    [Fact]
    public void Comparisons_GiveBooleans()
    {
        using Tensor less = _a < _b;
        Assert.Equal(ScalarType.Bool, less.dtype);
        Assert.Equal([true, true, false], less.data<bool>().ToArray());
        Assert.Equal([false, true, false], (_a == -2).data<bool>().ToArray());
        Assert.Equal([true, false, true], _a.ne(-2).data<bool>().ToArray());
        Assert.Equal([true, false, true], (_a >= 1).logical_and(_b.ne(0)).data<bool>().ToArray());
    }

    [Fact]
    public void Tests_ForNotANumberAndInfinity_FindThem()
    {
        using Tensor x = tensor(new[] { 1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity });
        Assert.Equal([false, true, false, false], x.isnan().data<bool>().ToArray());
        Assert.Equal([false, false, true, true], x.isinf().data<bool>().ToArray());
        Assert.Equal([true, false, false, false], x.isfinite().data<bool>().ToArray());
        Assert.True(x.isnan().any().ToBoolean());
        Assert.False(x.isnan().all().ToBoolean());
    }

    [Fact]
    public void MaskedFill_AndWhere_ChooseByTheMask()
    {
        using Tensor mask = tensor(new[] { true, false, true });
        Values.Equal([9, -2, 9], _a.masked_fill(mask, 9));
        Values.Equal([double.NegativeInfinity, -2, double.NegativeInfinity], _a.masked_fill(mask, double.NegativeInfinity));
        Values.Equal([1, 5, 3], where(mask, _a, _b));
    }

    [Fact]
    public void WholeAndRealNumbers_PromoteAsTorchDoes()
    {
        using Tensor whole = tensor(new long[] { 1, 2 });
        Assert.Equal(ScalarType.Int64, (whole + 1).dtype);
        Assert.Equal(ScalarType.Float32, (whole + 1.5).dtype);
        Assert.Equal(ScalarType.Float32, (whole / 2).dtype);
    }
}
