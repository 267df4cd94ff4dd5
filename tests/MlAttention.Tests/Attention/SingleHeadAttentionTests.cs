using MlAttention.Attention;
using MlAttention.Attention.Algorithms;
using MlAttention.Attention.Scores;
using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class SingleHeadAttentionTests
{
    public static TheoryData<string> SingleHeadExercises => GoldenFile.Names("deep_ml.json", goldenCase => goldenCase.Has("X") && goldenCase.Integer("n_heads") == 1);

    public static TheoryData<string> MultiHeadExercises => GoldenFile.Names("deep_ml.json", goldenCase => goldenCase.Has("n_heads") && goldenCase.Integer("n_heads") > 1);

    [Theory]
    [MemberData(nameof(SingleHeadExercises))]
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

        TensorAssert.Close(goldenCase.Tensor("output"), output.transpose(1, 2).flatten(2).squeeze(0));
    }

    [Fact]
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
    public void CrossAttention_MaskedMemory_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var layer = new CrossAttention(width: 5, memoryWidth: 7, headWidth: 3, valueWidth: 11);
        var (x, memory) = (GradientCheck.Random([2, 13, 5], 1, ScalarType.Float32), GradientCheck.Random([2, 3, 7], 2, ScalarType.Float32));
        var longer = cat([memory, GradientCheck.Random([2, 2, 7], 3, ScalarType.Float32).mul(100)], 1);
        TensorAssert.Close(layer.call(x, memory, null), layer.call(x, longer, AttentionMask.Padding([3, 3], 5)));
    }

    [Fact]
    public void SelfAttention_ARowAloneOrPaddedInABatch_IsTheSame()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(5, 3, 7);
        var batch = GradientCheck.Random([3, 7, 5], 1, ScalarType.Float32);
        int[] lengths = [7, 3, 1];
        var padded = layer.call(batch, AttentionMask.Padding(lengths, 7));
        for (var row = 0; row < lengths.Length; row++)
            TensorAssert.Close(layer.call(batch.narrow(0, row, 1).narrow(1, 0, lengths[row]), null), padded.narrow(0, row, 1).narrow(1, 0, lengths[row]), what: $"row {row}");
    }

    [Fact]
    public void SelfAttention_Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(3, 2, 5);
        layer.to(ScalarType.Float64);
        var x = GradientCheck.Random([2, 3, 3], 1);
        GradientCheck.Run(() => layer.call(x, AttentionMask.Causal()), [x, .. layer.parameters()]);
    }

    [Fact]
    public void Load_SavedSelfAttention_ComputesTheSame()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(5, 3, 7);
        using var other = new SelfAttention(5, 3, 7);
        var x = GradientCheck.Random([2, 4, 5], 1, ScalarType.Float32);
        using var stream = new MemoryStream();

        layer.save(stream);
        other.load(new MemoryStream(stream.ToArray()));

        TensorAssert.Close(layer.call(x, null), other.call(x, null), 0, 0);
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

    [Fact]
    public void CrossAttention_Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var layer = new CrossAttention(width: 2, memoryWidth: 3, headWidth: 2, valueWidth: 2);
        layer.to(ScalarType.Float64);
        var (x, memory) = (GradientCheck.Random([2, 3, 2], 1), GradientCheck.Random([2, 5, 3], 2));
        GradientCheck.Run(() => layer.call(x, memory, AttentionMask.Padding([5, 2], 5)), [x, memory, .. layer.parameters()]);
    }

    [Fact]
    public void SelfAttention_ForwardAndBackward_LeaveNoTensor()
    {
        using var layer = new SelfAttention(5, 3, 7);
        using var x = GradientCheck.Random([2, 4, 5], 1, ScalarType.Float32);
        LiveTensors.AssertNoneLeft(() => layer.call(x, AttentionMask.Padding([4, 0], 4)), [x, .. layer.parameters()]);
    }

    [Fact]
    public void Attend_WrongShapeOrNaN_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var layer = new CrossAttention(width: 5, memoryWidth: 7, headWidth: 3, valueWidth: 11);
        Assert.StartsWith("memory must have shape [B,S,Dm]=[2,S,7]; got [2,4,5].", Assert.Throws<ArgumentException>(() => layer.call(ones(2, 3, 5), ones(2, 4, 5), null)).Message, StringComparison.Ordinal);
        Assert.StartsWith("x has 30 NaN value(s), the first at [0,0,0].", Assert.Throws<ArgumentException>(() => layer.call(full([2, 3, 5], double.NaN), ones(2, 4, 7), null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossAttention(5, 7, 0, 11));
        using var self = new SelfAttention(5, 3, 7);
        Assert.StartsWith("x must have shape [B,L,D]=[B,L,5]; got [2,4].", Assert.Throws<ArgumentException>(() => self.call(ones(2, 4), null)).Message, StringComparison.Ordinal);
        Assert.StartsWith("x has 20 NaN value(s)", Assert.Throws<ArgumentException>(() => self.call(full([1, 4, 5], double.NaN), null)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SelfAttention(0, 3, 7));
    }
}
