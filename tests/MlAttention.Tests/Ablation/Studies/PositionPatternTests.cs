using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Tests.Ablation.Studies;

public class PositionPatternTests
{
    private static readonly SequenceModelOptions s_model = new() { ModelWidth = 8, Heads = 2, MaxLength = 5 };

    [Fact]
    public void Of_Sinusoidal_IsThePapersFormula()
    {
        double[][] values = Pattern(PositionScheme.Sinusoidal).Values;
        Assert.Equal((5, 8), (values.Length, values[0].Length));
        Assert.Equal(Math.Sin(3), values[3][0], 12);
        Assert.Equal(Math.Cos(3 / 10.0), values[3][3], 12); // 10000^(2/8) = 10
    }

    [Fact]
    public void Of_Alibi_PenalisesDistanceOnOneSideOfEachHead()
    {
        var pattern = Pattern(PositionScheme.Alibi);
        double[] Row(int distance) => pattern.Values[distance - pattern.FirstRow];
        Assert.Equal(0, Row(0)[0], 12);
        Assert.Equal(-3 / 256.0, Row(-3)[0], 12); // one head on each side: slope 2^-8
        Assert.True(double.IsNaN(Row(3)[0]));
        Assert.Equal(-3 / 256.0, Row(3)[1], 12);
        Assert.True(double.IsNaN(Row(-3)[1]));
    }

    [Fact]
    public void Of_Rotary_IsTheCosineOfTheAngle() => Assert.Equal(Math.Cos(2 / 100.0), Pattern(PositionScheme.Rotary).Values[2][1], 12); // 10000^(2/4) = 100

    [Fact]
    public void Of_Learned_AreTheTrainedVectors()
    {
        var weights = new WeightTensor("positions.weight", [5, 8], [.. Enumerable.Range(0, 40).Select(i => (float)i)]);
        Assert.Equal(19, PositionPattern.Of(s_model with { Positions = PositionScheme.Learned }, [weights])!.Values[2][3]);
        Assert.Null(PositionPattern.Of(s_model with { Positions = PositionScheme.Learned }, []));
    }

    [Fact]
    public void Of_None_IsNothing() => Assert.Null(PositionPattern.Of(s_model with { Positions = PositionScheme.None }, []));

    [Theory]
    [InlineData(PositionScheme.Sinusoidal)]
    [InlineData(PositionScheme.Rotary)]
    [InlineData(PositionScheme.Alibi)]
    public void Draw_AnyScheme_HasNoCellWithoutANumber(PositionScheme scheme) =>
        Assert.DoesNotContain("NaN", PositionHeatMap.Draw("positions", Pattern(scheme)), StringComparison.Ordinal);

    private static PositionPattern Pattern(PositionScheme scheme) => PositionPattern.Of(s_model with { Positions = scheme }, [])!;
}
