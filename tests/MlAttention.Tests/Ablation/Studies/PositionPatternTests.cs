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
    public void Of_LearnedWithAnOffset_BeginsAtTheFirstPosition()
    {
        var model = s_model with { Positions = PositionScheme.Learned, PositionDetails = new() { LearnedOffset = 2 } };
        var weights = new WeightTensor("positions.weight", [7, 8], [.. Enumerable.Range(0, 56).Select(i => (float)i)]);
        var pattern = PositionPattern.Of(model, [weights])!;
        Assert.Equal((5, 16), (pattern.Values.Length, pattern.Values[0][0]));
    }

    /// <summary>sin(a) sin(b) + cos(a) cos(b) = cos(a - b) for each wavelength.</summary>
    [Fact]
    public void Similarity_Sinusoidal_IsTheSumOfTheCosinesOfTheDistance()
    {
        var pattern = PositionPattern.Similarity(s_model with { Positions = PositionScheme.Sinusoidal }, [])!;
        Assert.Equal(new[] { 1, 0.1, 0.01, 0.001 }.Sum(frequency => Math.Cos(3 * frequency)), pattern.Values[4][1], 12);
        Assert.All(Enumerable.Range(0, 5), position => Assert.Equal(4, pattern.Values[position][position], 12));
    }

    [Fact]
    public void Similarity_Shaw_ComparesDistances()
    {
        var weights = new WeightTensor("layers.0.attention.positions.key", [3, 4], [1, 0, 0, 0, 2, 1, 0, 0, 0, 3, 0, 0]);
        var pattern = PositionPattern.Similarity(s_model with { Positions = PositionScheme.ShawRelative, PositionDetails = new() { ClipDistance = 1 } }, [weights])!;
        Assert.Equal((-1, -1), (pattern.FirstRow, pattern.FirstColumn));
        Assert.Equal([[1, 2, 0], [2, 5, 3], [0, 3, 9]], pattern.Values);
    }

    [Theory]
    [InlineData(PositionScheme.RelativeBias)]
    [InlineData(PositionScheme.Rotary)]
    [InlineData(PositionScheme.Alibi)]
    [InlineData(PositionScheme.None)]
    public void Similarity_SchemeWithoutVectors_IsNothing(PositionScheme scheme) => Assert.Null(PositionPattern.Similarity(s_model with { Positions = scheme }, []));

    /// <summary>Four buckets: 0 and 1 or more to the left, then 0 and 1 or more to the right.</summary>
    [Fact]
    public void ByDistance_RelativeBias_IsTheBiasOfEachDistancesBucket()
    {
        var model = s_model with { Positions = PositionScheme.RelativeBias, MaxLength = 3, PositionDetails = new() { Buckets = 4, MaxDistance = 3 } };
        var bias = new WeightTensor("positions.bias", [4, 2], [10, 11, 20, 21, 30, 31, 40, 41]);

        var both = PositionPattern.ByDistance(model, [bias])!;
        var causal = PositionPattern.ByDistance(model with { Mask = MaskKind.Causal }, [bias])!;

        Assert.Equal((-2, 5), (both.FirstRow, both.Values.Length));
        Assert.Equal([20, 20, 10, 40, 40], both.Values.Select(row => row[0]));
        Assert.Equal([21, 21, 11, 41, 41], both.Values.Select(row => row[1]));
        Assert.Equal([30, 20, 10], causal.Values.Select(row => row[0]));
    }

    [Fact]
    public void ByDistance_CausalAlibi_HasThePapersSlopesToTheLeftAlone()
    {
        var pattern = PositionPattern.ByDistance(s_model with { Positions = PositionScheme.Alibi, Mask = MaskKind.Causal }, [])!;
        double[] Row(int distance) => pattern.Values[distance - pattern.FirstRow];
        Assert.Equal([-3 / 16.0, -3 / 256.0], Row(-3)); // two heads: 2^-4 and 2^-8
        Assert.All(Row(1), value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void ByDistance_Rotary_IsTheMeanCosine() =>
        Assert.Equal((Math.Cos(2) + Math.Cos(2 / 100.0)) / 2, PositionPattern.ByDistance(s_model with { Positions = PositionScheme.Rotary }, [])!.Values[2][0], 12);

    [Fact]
    public void Of_None_IsNothing() => Assert.Null(PositionPattern.Of(s_model with { Positions = PositionScheme.None }, []));

    [Theory]
    [InlineData(PositionScheme.Sinusoidal, 2)]
    [InlineData(PositionScheme.Rotary, 2)]
    [InlineData(PositionScheme.Alibi, 2)]
    [InlineData(PositionScheme.None, 0)]
    public void Pictures_AnyScheme_HaveTitlesAndNothingThatIsNoNumber(PositionScheme scheme, int expected)
    {
        var pictures = PositionPictures.Of(s_model with { Positions = scheme, Heads = 1 }, [], areTitled: true);
        Assert.Equal(expected, pictures.Count);
        Assert.All(pictures, picture =>
        {
            Assert.Contains($"<title id=\"{picture.Id}-title\">{SvgWriter.Escape(picture.Title)}</title>", picture.Svg, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", picture.Svg, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Draw_HeatMap_HasOnePathAShadeAndNumbersItsColourBar()
    {
        string svg = PositionHeatMap.Draw("id", new PositionPattern("A title", "row", "column", 0, [[2, -2, 2], [0, 1, double.NaN]]));
        var paths = System.Xml.Linq.XElement.Parse(svg).Elements().Where(element => element.Name.LocalName == "path").Select(path => (path.Attribute("class")!.Value, path.Attribute("d")!.Value.Count(letter => letter == 'M')));
        Assert.Equal([("f1", 1), ("f0", 1), ("f0", 2)], paths.Take(3));
        Assert.All(paths.Skip(3), step => Assert.Equal(1, step.Item2)); // the colour bar, step by step
        Assert.Contains(">-2</text>", svg, StringComparison.Ordinal);
        Assert.Contains(">2</text>", svg, StringComparison.Ordinal);
    }

    private static PositionPattern Pattern(PositionScheme scheme) => PositionPattern.Of(s_model with { Positions = scheme }, [])!;
}
