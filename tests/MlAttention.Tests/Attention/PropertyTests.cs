using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>The properties of docs/ATTENTION.md.</summary>
public sealed class PropertyTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(256)]
    public void DotProduct_VarianceIsTheWidth_AndScalingKeepsItOne(int width)
    {
        using var scope = NewDisposeScope();
        var (query, key) = (GradientCheck.Random([300, width], 1), GradientCheck.Random([300, width], 2));
        var products = query.matmul(key.t());
        Assert.InRange(products.var().item<double>(), 0.9 * width, 1.1 * width);
        Assert.InRange(products.div(Math.Sqrt(width)).var().item<double>(), 0.9, 1.1);
    }

    [Fact]
    public void Softmax_WithoutScaling_Saturates()
    {
        using var scope = NewDisposeScope();
        var (query, key) = (GradientCheck.Random([200, 256], 1), GradientCheck.Random([10, 256], 2));
        var products = query.matmul(key.t());
        Tensor LargestWeights(Tensor scores) => MaskedSoftmax.Apply(scores, null).amax([-1]).mean();
        double Gradient(double scale)
        {
            var scores = products.mul(scale).requires_grad_();
            return autograd.grad([MaskedSoftmax.Apply(scores, null).select(-1, 0).sum()], [scores])[0].abs().mean().item<double>();
        }

        Assert.True(LargestWeights(products).item<double>() > 0.9);
        Assert.True(LargestWeights(products.div(16)).item<double>() < 0.4);
        Assert.True(Gradient(1) < Gradient(1.0 / 16) / 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Sinusoidal_ShiftByK_IsOneRotationForAllPositions(int shift)
    {
        const int Width = 10;
        using var scope = NewDisposeScope();
        var table = tensor(SinusoidalPositions.Table(50, Width));
        var rotation = zeros(Width, Width, ScalarType.Float64);
        for (var pair = 0; pair < Width; pair += 2)
        {
            var (sine, cosine) = Math.SinCos(shift * Math.Pow(10000, -(double)pair / Width));
            rotation.narrow(0, pair, 2).narrow(1, pair, 2).copy_(tensor(new double[,] { { cosine, sine }, { -sine, cosine } }));
        }
        TensorAssert.Close(table.narrow(0, shift, 50 - shift), table.narrow(0, 0, 50 - shift).matmul(rotation.t()), 1e-12);
    }

    [Fact]
    public void SelfAttention_WithoutPositions_IsPermutationEquivariantAndWithThemIsNot()
    {
        using var scope = NewDisposeScope();
        var x = GradientCheck.Random([2, 7, 12], 1, ScalarType.Float32);
        var order = tensor(new long[] { 4, 2, 5, 0, 6, 3, 1 });
        double Difference(PositionScheme scheme, AttentionMask? mask)
        {
            manual_seed(1);
            var positions = PositionEncoding.Create(new SequenceModelOptions { ModelWidth = 12, Heads = 3, MaxLength = 7, Positions = scheme });
            foreach (var parameter in positions.parameters()) nn.init.normal_(parameter);
            using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 }, positions);
            Tensor Encode(Tensor sequence)
            {
                var placed = positions.AddToEmbeddings(sequence);
                return layer.call(placed, placed, placed, mask);
            }

            return Encode(x).index_select(1, order).sub(Encode(x.index_select(1, order))).abs().max().item<float>();
        }

        Assert.InRange(Difference(PositionScheme.None, null), 0, 1e-5);
        Assert.True(Difference(PositionScheme.None, AttentionMask.Causal()) > 0.01);
        foreach (var scheme in Enum.GetValues<PositionScheme>().Except([PositionScheme.None]))
            Assert.True(Difference(scheme, null) > 0.01, $"{scheme} does not tell the order");
    }

    [Fact]
    public void Masks_ThreeTokens_WeighAsWrittenInTheGuide()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0, Math.Log(2), Math.Log(4) }).expand(3, 3);
        string Weights(AttentionMask? mask) => string.Join(" | ", TensorAssert.Values(MaskedSoftmax.Apply(scores, mask?.ToTensor(3, 3).expand(3, 3))).Chunk(3)
            .Select(row => string.Join(' ', row.Select(weight => weight.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)))));

        Assert.Equal("0.143 0.286 0.571 | 0.143 0.286 0.571 | 0.143 0.286 0.571", Weights(null));
        Assert.Equal("1 0 0 | 0.333 0.667 0 | 0.143 0.286 0.571", Weights(AttentionMask.Causal()));
        Assert.Equal("0.333 0.667 0 | 0.143 0.286 0.571 | 0 0.333 0.667", Weights(AttentionMask.LocalWindow(1)));
        Assert.Equal("1 0 0 | 0 1 0 | 0 0 1", Weights(AttentionMask.LocalWindow(0)));
        Assert.Equal("0.143 0.286 0.571 | 0.333 0.667 0 | 0.2 0 0.8", Weights(AttentionMask.WindowWithGlobalTokens(0, 0)));
        Assert.Equal("0.333 0.667 0 | 0.333 0.667 0 | 0 0 1", Weights(AttentionMask.BlockSparse(new bool[,] { { true, false }, { false, true } }, 2)));
        Assert.Equal("0.333 0.667 0 | 0.333 0.667 0 | 0.333 0.667 0", Weights(AttentionMask.From(tensor(new bool[,] { { true, true, false } }))));
        Assert.Equal("0 0 0 | 0 0 0 | 0 0 0", Weights(AttentionMask.From(zeros(3, 3, ScalarType.Bool))));
    }
}
