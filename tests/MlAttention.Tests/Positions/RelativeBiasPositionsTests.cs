using MlAttention.Core.Architecture;
using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Positions;

public sealed class RelativeBiasPositionsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(-7, 7)]
    [InlineData(1, 17)]
    [InlineData(7, 23)]
    [InlineData(-8, 8)]
    [InlineData(-12, 9)]
    [InlineData(-16, 10)]
    [InlineData(-64, 14)]
    [InlineData(-127, 15)]
    [InlineData(-500, 15)]
    [InlineData(500, 31)]
    public void Buckets_Bidirectional32To128_AreT5s(int distance, int bucket) => Assert.Equal(bucket, RelativeBuckets.Of(distance, 32, 128, bidirectional: true));

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    [InlineData(-15, 15)]
    [InlineData(-16, 16)]
    [InlineData(-31, 21)]
    [InlineData(-32, 21)]
    [InlineData(-128, 31)]
    public void Buckets_Causal32To128_AreT5s(int distance, int bucket) => Assert.Equal(bucket, RelativeBuckets.Of(distance, 32, 128, bidirectional: false));

    [Fact]
    [HandSolved(typeof(RelativeBiasPositions))]
    public void RelativeBias_Bias_IsTheTablesRowOfTheBucket()
    {
        using var scope = NewDisposeScope();
        using var positions = new RelativeBiasPositions(heads: 2, buckets: 4, maxDistance: 3);
        GoldenLayer.SetParameters(positions, new() { ["bias"] = tensor(new float[,] { { 0, 10 }, { 1, 11 }, { 2, 12 }, { 3, 13 } }) });
        var bias = positions.ScoreBias(zeros(1, 2, 3, 1), PositionSpan.Whole(3), PositionSpan.Whole(3));
        TensorAssert.Close(tensor(new float[] { 0, 3, 3, 1, 0, 3, 1, 1, 0, 10, 13, 13, 11, 10, 13, 11, 11, 10 }, [1, 2, 3, 3]), bias);
    }
}
