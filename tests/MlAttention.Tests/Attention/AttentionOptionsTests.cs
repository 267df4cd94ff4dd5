using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class AttentionOptionsTests
{
    private static readonly AttentionOptions _performer = new() { ModelWidth = 12, Heads = 2, Algorithm = AttentionAlgorithm.Performer, RandomFeatures = 8 };
    private static readonly AttentionOptions _full = new() { ModelWidth = 12, Heads = 2 };

    public static TheoryData<string> Changes =>
    [
        nameof(AttentionOptions.Heads), nameof(AttentionOptions.Dropout), nameof(AttentionOptions.Temperature), nameof(AttentionOptions.RandomFeatures),
        nameof(AttentionOptions.OrthogonalFeatures), nameof(AttentionOptions.RandomSeed), nameof(AttentionOptions.WindowRadius),
        $"{nameof(AttentionOptions.Score)} Dot", $"{nameof(AttentionOptions.Score)} Cosine", $"{nameof(AttentionOptions.Algorithm)} Linear",
    ];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Attend_OneOptionChanged_ChangesTheOutput(string change)
    {
        using var scope = NewDisposeScope();
        var window = _full with { Algorithm = AttentionAlgorithm.LocalWindow, WindowRadius = 1 };
        var (before, after) = change switch
        {
            "Heads" => (_full, _full with { Heads = 3 }),
            "Dropout" => (_full, _full with { Dropout = 0.5 }),
            "Temperature" => (_full, _full with { Temperature = 3 }),
            "RandomFeatures" => (_performer, _performer with { RandomFeatures = 9 }),
            "OrthogonalFeatures" => (_performer, _performer with { OrthogonalFeatures = false }),
            "RandomSeed" => (_performer, _performer with { RandomSeed = 2 }),
            "WindowRadius" => (window, window with { WindowRadius = 2 }),
            "Score Dot" => (_full, _full with { Score = ScoreFunction.Dot }),
            "Score Cosine" => (_full, _full with { Score = ScoreFunction.Cosine }),
            _ => (_full, _full with { Algorithm = AttentionAlgorithm.Linear }),
        };
        Assert.NotEqual(Output(before), Output(after));
    }

    [Theory]
    [InlineData(null, "6,6")]
    [InlineData(5, "5,6")]
    public void AdditiveWidth_IsTheHiddenWidthOfTheScore(int? width, string shape)
    {
        using var layer = new MultiHeadAttention(_full with { Score = ScoreFunction.Additive, AdditiveWidth = width });
        Assert.Equal(shape, string.Join(',', layer.get_parameter("score.query.weight")!.shape));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bias_DecidesOnTheBiases(bool bias)
    {
        using var layer = new MultiHeadAttention(_full with { Bias = bias });
        Assert.Equal(bias, layer.has_parameter("in_proj_bias"));
        Assert.Equal(bias, layer.has_parameter("out_proj.bias"));
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void BlockSize_ChangesNoOutput(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        var options = _full with { Algorithm = algorithm };
        var expected = Output(options with { BlockSize = 1 });
        foreach (var size in new[] { 2, 5, 128 })
            TensorAssert.Close(tensor(expected), tensor(Output(options with { BlockSize = size })));
    }

    /// <summary>The output for the same weights and input, with a causal mask.</summary>
    private static double[] Output(AttentionOptions options)
    {
        using var layer = new MultiHeadAttention(options);
        GoldenLayer.SetParameters(layer, layer.named_parameters().ToDictionary(entry => entry.Item1, entry => GradientCheck.Random(entry.Item2.shape, entry.Item1.Length, ScalarType.Float32)));
        var x = GradientCheck.Random([2, 7, 12], 1, ScalarType.Float32);
        return TensorAssert.Values(layer.call(x, x, x, AttentionMask.Causal()));
    }
}
