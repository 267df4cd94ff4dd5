using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>Sizes: batch 3, queries 5, keys 7, heads 2, head width 11, key width 13, value width 17.</summary>
public sealed class MultiHeadAttentionTests
{
    private static readonly AttentionOptions Options = new() { ModelWidth = 22, Heads = 2 };

    [Fact]
    [HandSolved(typeof(MultiHeadAttention))]
    public void Attend_IdentityWeights_ByHand()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 2, Heads = 2, Score = ScoreFunction.Dot });
        var identity = eye(2);
        GoldenLayer.SetParameters(layer, new()
        {
            ["in_proj_weight"] = cat([identity, identity, identity]),
            ["in_proj_bias"] = zeros(6),
            ["out_proj.weight"] = identity,
            ["out_proj.bias"] = tensor(new float[] { 10, 20 }),
        });
        var x = tensor(new float[] { 1, 0, 0, MathF.Log(3) }, [1, 2, 2]); // head 1 sees (1, 0), head 2 sees (0, ln 3)

        var (output, weights) = layer.Attend(x, x, x, returnWeights: true);

        var first = MathF.E / (MathF.E + 1); // head 1, query 1: scores (1, 0)
        var last = MathF.Pow(3, MathF.Log(3)); // head 2, query 2: scores (0, ln 3 ln 3)
        TensorAssert.Close(tensor(new float[] { first, 1 - first, 0.5f, 0.5f, 0.5f, 0.5f, 1 / (1 + last), last / (1 + last) }, [1, 2, 2, 2]), weights!);
        TensorAssert.Close(tensor(new float[] { 10 + first, 20 + 0.5f * MathF.Log(3), 10.5f, 20 + MathF.Log(3) * last / (1 + last) }, [1, 2, 2]), output);
    }

    [Fact]
    public void Attend_OtherKeyAndValueWidths_HasPyTorchsNamesAndShapes()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options with { KeyWidth = 13, ValueWidth = 17 });
        var (output, weights) = layer.Attend(ones(3, 5, 22), ones(3, 7, 13), ones(3, 7, 17), returnWeights: true);
        Assert.Equal([3, 5, 22], output.shape);
        Assert.Equal([3, 2, 5, 7], weights!.shape);
        var shapes = layer.named_parameters().ToDictionary(entry => entry.Item1, entry => string.Join(',', entry.Item2.shape));
        Assert.Equal(new Dictionary<string, string>
        {
            ["q_proj_weight"] = "22,22",
            ["k_proj_weight"] = "22,13",
            ["v_proj_weight"] = "22,17",
            ["in_proj_bias"] = "66",
            ["out_proj.weight"] = "22,22",
            ["out_proj.bias"] = "22",
        }, shapes);
    }

    [Fact]
    public void Attend_PackedAndSeparateProjections_AreTheSame()
    {
        using var scope = NewDisposeScope();
        using var packed = new MultiHeadAttention(Options);
        using var separate = new MultiHeadAttention(Options with { KeyWidth = 13, ValueWidth = 17 });
        var weights = packed.named_parameters().ToDictionary(entry => entry.Item1, entry => (Tensor)entry.Item2);
        var parts = weights["in_proj_weight"].chunk(3);
        var (query, key, value) = (Sequence(5, 22, 1), Sequence(7, 13, 2), Sequence(7, 17, 3));
        GoldenLayer.SetParameters(separate, new()
        {
            ["q_proj_weight"] = parts[0],
            ["k_proj_weight"] = parts[1].narrow(1, 0, 13),
            ["v_proj_weight"] = parts[2].narrow(1, 0, 17),
            ["in_proj_bias"] = weights["in_proj_bias"],
            ["out_proj.weight"] = weights["out_proj.weight"],
            ["out_proj.bias"] = weights["out_proj.bias"],
        });

        var expected = packed.call(query, cat([key, zeros(3, 7, 9)], 2), cat([value, zeros(3, 7, 5)], 2), null);

        TensorAssert.Close(expected, separate.call(query, key, value, null));
    }

    [Fact]
    public void Attend_QuerySameAsKeyOrNot_IsTheSame()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = Sequence(5, 22, 1);
        TensorAssert.Close(layer.call(x, x, x, null), layer.call(x, x.clone(), x.clone(), null));
    }

    [Fact]
    public void Parameters_PositionsOfTheLayer_BelongToItAndSharedOnesDoNot()
    {
        using var own = new MultiHeadAttention(Options, new ShawRelativePositions(headWidth: 11, clipDistance: 2));
        using var shared = new RelativeBiasPositions(heads: 2);
        using var layer = new MultiHeadAttention(Options, shared);
        Assert.Contains("positions.key", own.named_parameters().Select(entry => entry.Item1));
        Assert.Contains("positions.value", own.named_parameters().Select(entry => entry.Item1));
        Assert.DoesNotContain(layer.named_parameters(), entry => entry.Item1.StartsWith("positions", StringComparison.Ordinal));
    }

    [Fact]
    public void Attend_Temperature_FlattensTheWeights()
    {
        using var scope = NewDisposeScope();
        var x = Sequence(7, 22, 1);
        manual_seed(1);
        using var cold = new MultiHeadAttention(Options);
        manual_seed(1);
        using var hot = new MultiHeadAttention(Options with { Temperature = 100 });
        TensorAssert.Close(full([3, 2, 7, 7], 1.0 / 7), hot.Attend(x, x, x, returnWeights: true).Weights!, 0.02);
        Assert.True(cold.Attend(x, x, x, returnWeights: true).Weights!.max().item<float>() > 0.3);
    }

    [Fact]
    public void Attend_Dropout_OnlyWhileTraining()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options with { Dropout = 0.5 });
        var x = Sequence(7, 22, 1);
        Assert.NotEqual(TensorAssert.Values(layer.call(x, x, x, null)), TensorAssert.Values(layer.call(x, x, x, null)));
        layer.eval();
        Assert.Equal(TensorAssert.Values(layer.call(x, x, x, null)), TensorAssert.Values(layer.call(x, x, x, null)));
    }

    [Fact]
    public void Attend_WithoutAskingForWeights_ReturnsNone()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = Sequence(5, 22, 1);
        Assert.Null(layer.Attend(x, x, x).Weights);
    }

    private static Tensor Sequence(int length, int width, int seed) => GradientCheck.Random([3, length, width], seed, ScalarType.Float32);
}
