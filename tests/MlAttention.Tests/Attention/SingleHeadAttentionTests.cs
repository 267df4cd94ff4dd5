using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using MlAttention.Torch.Attention;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class SingleHeadAttentionTests
{
    public static TheoryData<string> SingleHeadExercises => GoldenFile.Names("deep_ml.json", goldenCase => goldenCase.Has("X") && goldenCase.Integer("n_heads") == 1);

    public static TheoryData<string> MultiHeadExercises => GoldenFile.Names("deep_ml.json", goldenCase => goldenCase.Has("n_heads") && goldenCase.Integer("n_heads") > 1);

    [Theory]
    [MemberData(nameof(SingleHeadExercises))]
    [GoldenCases("deep_ml.json")]
    public void SelfAttention_PublishedExercise_EqualsItsSolution(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("deep_ml.json")[name];
        var x = goldenCase.Tensor("X").unsqueeze(0);
        using var layer = new SelfAttention((int)x.shape[2], (int)goldenCase.Shape("W_q")[1], (int)goldenCase.Shape("W_v")[1]);
        GoldenLayer.SetParameters(layer, new()
        {
            ["attention.query.weight"] = goldenCase.Tensor("W_q").t(),
            ["attention.key.weight"] = goldenCase.Tensor("W_k").t(),
            ["attention.value.weight"] = goldenCase.Tensor("W_v").t(),
        });

        var output = layer.call(x, goldenCase.Has("causal") ? AttentionMask.Causal() : null);

        TensorAssert.Close(goldenCase.Tensor("output"), output.squeeze(0));
        TensorAssert.Close(goldenCase.Tensor("published"), output.squeeze(0), 1e-5, 1e-5);
    }

    [Theory]
    [MemberData(nameof(MultiHeadExercises))]
    [GoldenCases("deep_ml.json")]
    public void Full_PublishedMultiHeadExercise_EqualsItsSolution(string name)
    {
        using var scope = NewDisposeScope();
        var goldenCase = GoldenFile.Load("deep_ml.json")[name];
        var heads = goldenCase.Integer("n_heads");
        Tensor Heads(string input, string weight)
        {
            var projected = goldenCase.Has("X") ? goldenCase.Tensor("X").matmul(goldenCase.Tensor(weight)) : goldenCase.Tensor(input);
            return projected.view(1, projected.shape[0], heads, -1).transpose(1, 2);
        }

        using var score = new ScaledDotProductScore();
        var output = new FullAttention().Attend(new AttentionInputs(Heads("Q", "W_q"), Heads("K", "W_k"), Heads("V", "W_v"), score)).Output;

        var joined = output.transpose(1, 2).flatten(2).squeeze(0);
        TensorAssert.Close(goldenCase.Tensor("output"), joined);
        if (goldenCase.Flag("published_matches")) TensorAssert.Close(goldenCase.Tensor("published"), joined); // one exercise misprints its own example
    }

    [Fact]
    [HandSolved(typeof(SelfAttention))]
    public void SelfAttention_OneFeature_ByHand()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(width: 1, headWidth: 1, valueWidth: 1);
        GoldenLayer.SetParameters(layer, new() { ["attention.query.weight"] = tensor(new float[,] { { MathF.Log(3) } }), ["attention.key.weight"] = ones(1, 1), ["attention.value.weight"] = tensor(new float[,] { { 4 } }) });
        var x = tensor(new float[,,] { { { 0 }, { 1 } } }); // scores of token 1: (0, 0); of token 2: (0, ln 3)

        TensorAssert.Close(tensor(new float[] { 0.5f, 0.5f, 0.25f, 0.75f }, [1, 1, 2, 2]), layer.Attend(x).Weights!);
        TensorAssert.Close(tensor(new float[] { 2, 3 }, [1, 2, 1]), layer.call(x, null));
        TensorAssert.Close(tensor(new float[] { 0, 3 }, [1, 2, 1]), layer.call(x, AttentionMask.Causal()));
    }

    [Fact]
    [HandSolved(typeof(CrossAttention))]
    public void CrossAttention_OneFeature_ByHand()
    {
        using var scope = NewDisposeScope();
        using var layer = new CrossAttention(width: 1, memoryWidth: 1, headWidth: 1, valueWidth: 1);
        GoldenLayer.SetParameters(layer, new() { ["query.weight"] = tensor(new float[,] { { 2 } }), ["key.weight"] = tensor(new float[,] { { 0.5f } }), ["value.weight"] = tensor(new float[,] { { 4 } }) });
        var (x, memory) = (tensor(new float[,,] { { { 1 }, { 0 } } }), tensor(new float[,,] { { { 0 }, { MathF.Log(3) } } }));

        var (output, weights) = layer.Attend(x, memory); // scores of query 1: (0, ln 3); of query 2: (0, 0)

        TensorAssert.Close(tensor(new float[] { 0.25f, 0.75f, 0.5f, 0.5f }, [1, 1, 2, 2]), weights!);
        TensorAssert.Close(tensor(new float[] { 3 * MathF.Log(3), 2 * MathF.Log(3) }, [1, 2, 1]), output);
    }

    [Fact]
    public void CrossAttention_WidthsAndLengthsDiffer_HasTheShapes()
    {
        using var scope = NewDisposeScope();
        using var layer = new CrossAttention(width: 5, memoryWidth: 7, headWidth: 3, valueWidth: 11);
        var (output, weights) = layer.Attend(ones(2, 13, 5), ones(2, 17, 7));
        Assert.Equal([2, 13, 11], output.shape);
        Assert.Equal([2, 1, 13, 17], weights!.shape);
        TensorAssert.Close(full([2, 1, 13, 17], 1.0 / 17), weights);
    }
}
