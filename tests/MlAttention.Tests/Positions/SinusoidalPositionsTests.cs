using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Positions;

public sealed class SinusoidalPositionsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [HandSolved(typeof(SinusoidalPositions))]
    public void Sinusoidal_WidthFour_AddsSinesAndCosinesOfTwoWavelengths(bool interleaved)
    {
        using var scope = NewDisposeScope();
        using var positions = new SinusoidalPositions(4, interleaved: interleaved);
        double[] second = interleaved ? [Math.Sin(1), Math.Cos(1), Math.Sin(0.01), Math.Cos(0.01)] : [Math.Sin(1), Math.Sin(0.01), Math.Cos(1), Math.Cos(0.01)];
        double[] first = interleaved ? [0, 1, 0, 1] : [0, 0, 1, 1];
        TensorAssert.Close(tensor([.. first, .. second], [1, 2, 4]).add(10), positions.AddToEmbeddings(full([1, 2, 4], 10, ScalarType.Float64)), 1e-12);
    }

    [Fact]
    public void Sinusoidal_OddWidth_EndsWithASine()
    {
        var table = SinusoidalPositions.Table(3, 5);
        Assert.Equal(Math.Sin(2 * Math.Pow(10000, -4.0 / 5)), table[2, 4], 15);
        Assert.Equal(Math.Cos(2 * Math.Pow(10000, -2.0 / 5)), table[2, 3], 15);
    }

    [Fact]
    public void Sinusoidal_Base_ChangesTheWavelengths()
    {
        var table = SinusoidalPositions.Table(2, 4, wavelengthBase: 100);
        Assert.Equal(Math.Sin(0.1), table[1, 2], 15);
    }

    [Theory]
    [InlineData("85_positional_encoding_2x8")]
    [InlineData("85_positional_encoding_5x16")]
    [GoldenCases("deep_ml.json")]
    public void Sinusoidal_PublishedExercise_EqualsItsSolution(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("deep_ml.json")[name];

        var table = tensor(SinusoidalPositions.Table(goldenCase.Integer("position"), goldenCase.Integer("d_model")));

        TensorAssert.Close(goldenCase.Tensor("output", ScalarType.Float64), table, 1e-12);
        if (goldenCase.Has("published_float16")) TensorAssert.Close(goldenCase.Tensor("published_float16", ScalarType.Float64), table, 1e-3);
    }

    [Fact]
    public void Sinusoidal_HalvesOfAnOddWidth_HaveOneSineMore()
    {
        var (halves, interleaved) = (SinusoidalPositions.Table(3, 5, interleaved: false), SinusoidalPositions.Table(3, 5));
        for (var position = 0; position < 3; position++)
            Assert.Equal([interleaved[position, 0], interleaved[position, 2], interleaved[position, 4], interleaved[position, 1], interleaved[position, 3]], Enumerable.Range(0, 5).Select(i => halves[position, i]));
    }
}
