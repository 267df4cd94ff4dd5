using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

public class DropoutMaskTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.83)]
    public void Fill_ManyFactors_DropsTheShareAndKeepsTheMean(double probability)
    {
        var mask = new float[200_003];

        DropoutMask.Fill(mask, probability, 7);

        Assert.Equal(probability, mask.Count(factor => factor == 0) / (double)mask.Length, 0.005);
        Assert.Equal(1, mask.Average(), 0.02);
        Assert.Equal(2, mask.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(97)]
    public void Fill_AnyLength_IsThePrefixOfALongerMask(int length)
    {
        var (mask, longer) = (new float[length + 1], new float[128]);

        DropoutMask.Fill(mask.AsSpan(0, length), 0.4, 9);
        DropoutMask.Fill(longer, 0.4, 9);

        Assert.Equal(longer[..length], mask[..length]);
        Assert.Equal(0, mask[length]);
    }

    [Fact]
    public void Fill_Lanes_AreNotCorrelated()
    {
        var mask = new float[32_000];
        DropoutMask.Fill(mask, 0.5, 3);

        for (var distance = 1; distance <= 64; distance++)
            Assert.Equal(0, Enumerable.Range(0, mask.Length - distance).Average(i => (mask[i] - 1) * (mask[i + distance] - 1)), 0.03);
    }

    [Fact]
    public void Fill_AnotherSeed_GivesOtherFactors()
    {
        var masks = new[] { new float[64], new float[64], new float[64] };
        DropoutMask.Fill(masks[0], 0.5, 1);
        DropoutMask.Fill(masks[1], 0.5, 1);
        DropoutMask.Fill(masks[2], 0.5, 2);

        Assert.Equal(masks[0], masks[1]);
        Assert.NotEqual(masks[0], masks[2]);
    }
}
