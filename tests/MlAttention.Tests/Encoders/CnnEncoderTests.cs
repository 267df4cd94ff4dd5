using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class CnnEncoderTests
{
    [Fact]
    [HandSolved(typeof(CnnEncoder))]
    public void Forward_OneChannel_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var encoder = new CnnEncoder(1, 1, activation: ActivationKind.Relu);
        ModuleWeights.Set(encoder, [new("layers.0.weight", [1, 1, 3], [1, 10, 100]), new("layers.0.bias", [1], [-30])]);

        var output = encoder.call(tensor(new float[,,] { { { 1 }, { 2 }, { 3 }, { 9 } } }), LayerChecks.Mask(4, 3));

        // x + relu(previous + 10 x + 100 next - 30): 1 + 180, 2 + 291, 3 + relu(2 + 30 - 30).
        LayerChecks.AssertClose([181, 293, 5], output.narrow(1, 0, 3));
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 3, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(1, 5, 2)]
    public void Forward_Token_SeesExactlyItsReach(int layers, int kernelSize, int reach)
    {
        using var scope = NewDisposeScope();
        using var encoder = new CnnEncoder(3, layers, kernelSize).WithNumbers();
        var x = LayerChecks.Numbers(1, 1, 11, 3).requires_grad_();

        encoder.call(x, LayerChecks.Mask(11, 11)).select(1, 5).sum().backward();

        double[] influence = x.grad!.abs().sum(2).ToDoubles();
        Assert.Equal(Enumerable.Range(0, 11).Select(i => Math.Abs(i - 5) <= reach), influence.Select(value => value > 0));
    }

    [Fact]
    public void Create_BadSizes_AreRefused()
    {
        Assert.Contains("odd", LayerChecks.Error(() => new CnnEncoder(4, 1, 2)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CnnEncoder(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CnnEncoder(4, 1, dropout: -0.1));
    }
}
