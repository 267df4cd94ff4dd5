using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

public class RowKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(384)]
    public void Dot_AnyLength_SumsInTheOrderThatItTells(int count)
    {
        var random = new Random(5);
        float[] x = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)], y = [.. x.Select(_ => random.NextSingle() - 0.5f)];

        var lanes = new float[16];
        var whole = count - count % 16;
        for (var i = 0; i < whole; i++) lanes[i % 16] += x[i] * y[i];
        float Pair(int lane) => (lanes[lane] + lanes[lane + 4]) + (lanes[lane + 8] + lanes[lane + 12]);
        var expected = (Pair(0) + Pair(1)) + (Pair(2) + Pair(3));
        for (var i = whole; i < count; i++) expected += x[i] * y[i];

        Assert.Equal(expected, RowKernels.Dot(x, y));
    }
}
