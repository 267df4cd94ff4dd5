using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Positions;

public sealed class GridPositionsTests
{
    [Fact]
    [HandSolved(typeof(GridPositions))]
    public void Grid_WidthFour_AddsSineAndCosineOfRowAndColumn()
    {
        using var scope = NewDisposeScope();
        using var positions = new GridPositions(rows: 2, columns: 3, modelWidth: 4);
        double[] expected = [.. from row in Enumerable.Range(0, 2) from column in Enumerable.Range(0, 3) from value in new[] { Math.Sin(row), Math.Cos(row), Math.Sin(column), Math.Cos(column) } select value];
        TensorAssert.Close(tensor(expected, [1, 6, 4]).add(10), positions.AddToEmbeddings(full([1, 6, 4], 10, ScalarType.Float64)), 1e-12);
    }

    [Fact]
    public void Grid_Base_ChangesTheWavelengths()
    {
        using var scope = NewDisposeScope();
        using var positions = new GridPositions(rows: 2, columns: 1, modelWidth: 8, wavelengthBase: 100);
        Assert.Equal(Math.Sin(0.1), positions.AddToEmbeddings(zeros([1, 2, 8], ScalarType.Float64))[0, 1, 2].item<double>(), 12);
    }

    [Fact]
    public void Grid_OtherNumberOfPatches_SaysTheGrid()
    {
        using var scope = NewDisposeScope();
        using var positions = new GridPositions(rows: 2, columns: 3, modelWidth: 4);
        Assert.StartsWith("embeddings must have shape [B,L,D]=[B,6,4]; got [1,5,4]. The grid has 2 x 3 patches.", LayerChecks.Error(() => positions.AddToEmbeddings(zeros(1, 5, 4))), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OddWidth_IsRefused() => Assert.Equal("modelWidth", Assert.Throws<ArgumentOutOfRangeException>(() => new GridPositions(2, 3, 5)).ParamName);
}
