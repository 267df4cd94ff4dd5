using MlAttention.Tests.Documentation.Pictures;
using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>Each code block of docs/ATTENTION.md stands here word for word, runs, and gives what the guide says.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class AttentionGuideTests
{
    [Fact]
    public void Guide_Layer_ReturnsOutputAndWeights()
    {
        using var scope = NewDisposeScope();

        // sample: Guide_Layer_ReturnsOutputAndWeights
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 64, Heads = 4 });
        var x = randn(2, 10, 64);                                                        // [B,L,D]
        var mask = AttentionMask.Padding([10, 7], 10) & AttentionMask.Causal();
        var (output, weights) = attention.Attend(x, x, x, mask, returnWeights: true);    // [2,10,64], [2,4,10,10]
        // end of sample

        Assert.Equal([2, 10, 64], output.shape);
        Assert.Equal([2, 4, 10, 10], weights!.shape);
    }

    [Fact]
    public void Guide_ThreeTokens_AreTheFormula()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Matrix(WorkedExample.Query), Matrix(WorkedExample.Key), Matrix(WorkedExample.Value));

        // sample: Guide_ThreeTokens_AreTheFormula
        var weights = MaskedSoftmax.Apply(query.matmul(key.t()).div(Math.Sqrt(2)), null);    // [3,3], each row adds up to 1
        var output = weights.matmul(value);                                              // [3,2]
        // end of sample

        TensorAssert.Close(Matrix(WorkedExample.Weights), weights, 1e-12);
        TensorAssert.Close(Matrix(WorkedExample.Output), output, 1e-12);
    }

    [Fact]
    public void Guide_Variance_GrowsWithTheWidth()
    {
        using var scope = NewDisposeScope();
        List<double> variances = [], scaled = [];

        // sample: Guide_Variance_GrowsWithTheWidth
        foreach (var width in new[] { 4, 64, 256 })
        {
            var products = randn(300, width).matmul(randn(300, width).t());
            variances.Add(products.var().item<float>());                                 // about 4, 64, 256
            scaled.Add(products.div(Math.Sqrt(width)).var().item<float>());              // about 1, 1, 1
        }
        // end of sample

        Assert.InRange(variances[0], 3, 5);
        Assert.InRange(variances[2], 200, 320);
        Assert.All(scaled, variance => Assert.InRange(variance, 0.75, 1.25));
    }

    [Fact]
    public void Guide_Saturation_LeavesOneWeight()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);

        // sample: Guide_Saturation_LeavesOneWeight
        var scores = randn(1000, 256).matmul(randn(10, 256).t());                        // 10 keys of width 256
        var raw = MaskedSoftmax.Apply(scores, null).amax([-1]).mean();                   // above 0.9: one key takes nearly all
        var calm = MaskedSoftmax.Apply(scores.div(16), null).amax([-1]).mean();          // about 0.3
        // end of sample

        Assert.InRange(raw.item<float>(), 0.9, 1);
        Assert.InRange(calm.item<float>(), 0.25, 0.4);
    }

    [Fact]
    public void Guide_Shift_IsARotation()
    {
        using var scope = NewDisposeScope();

        // sample: Guide_Shift_IsARotation
        var table = tensor(SinusoidalPositions.Table(length: 50, width: 2));             // one wavelength: (sin p, cos p)
        var rotation = tensor(new[,] { { Math.Cos(3), Math.Sin(3) }, { -Math.Sin(3), Math.Cos(3) } });
        var shifted = table.narrow(0, 0, 47).matmul(rotation.t());                       // equals rows 3 .. 49, whatever p is
        // end of sample

        TensorAssert.Close(table.narrow(0, 3, 47), shifted, 1e-12);
    }

    [Fact]
    public void Guide_Permutation_MovesTheOutputsAlong()
    {
        using var scope = NewDisposeScope();

        // sample: Guide_Permutation_MovesTheOutputsAlong
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 });
        var x = randn(1, 5, 12);
        var order = tensor(new long[] { 3, 1, 4, 0, 2 });
        var before = attention.call(x.index_select(1, order), x.index_select(1, order), x.index_select(1, order), null);
        var after = attention.call(x, x, x, null).index_select(1, order);                // the same: attention sees a bag of tokens
        // end of sample

        TensorAssert.Close(after, before);
    }

    [Fact]
    public void Guide_Masks_ChooseTheKeys()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0, Math.Log(2), Math.Log(4) }).expand(3, 3);         // softmax: 1/7, 2/7, 4/7

        // sample: Guide_Masks_ChooseTheKeys
        var causal = MaskedSoftmax.Apply(scores, AttentionMask.Causal().ToTensor(3, 3));
        // end of sample

        TensorAssert.Close(tensor(new[,] { { 1, 0, 0 }, { 1 / 3.0, 2 / 3.0, 0 }, { 1 / 7.0, 2 / 7.0, 4 / 7.0 } }), causal, 1e-12);
    }

    [Fact]
    public void Guide_OwnScheme_IsOneClass()
    {
        using var scope = NewDisposeScope();

        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 }, new SameTokenBonus());

        var x = randn(1, 5, 12);
        Assert.True(attention.Attend(x, x, x, returnWeights: true).Weights!.diagonal(0, 2, 3).min().item<float>() > 0.5);
    }

    [Fact]
    public void Guide_ImagesAndSpeech_BecomeSequences()
    {
        using var scope = NewDisposeScope();

        // sample: Guide_ImagesAndSpeech_BecomeSequences
        using var patches = new EmbedPatches(channels: 3, patchSize: 4, modelWidth: 64);
        var imageTokens = patches.call(randn(2, 3, 32, 32));                             // [2,64,64]: 8 x 8 patches of an image
        using var frames = new EmbedFrames(features: 80, modelWidth: 64, stack: 4, stride: 3);
        var speechTokens = frames.call(randn(2, 100, 80));                               // [2,33,64]: 4 frames a token, 3 frames apart
        // end of sample

        Assert.Equal([2, 64, 64], imageTokens.shape);
        Assert.Equal([2, 33, 64], speechTokens.shape);
    }

    [Fact]
    public void Guide_Checkpoint_HasTheSameGradients()
    {
        using var scope = NewDisposeScope();
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 3 });
        var x = randn(1, 5, 12).requires_grad_();

        // sample: Guide_Checkpoint_HasTheSameGradients
        var output = GradientCheckpointing.Run(input => attention.call(input, input, input, null), x, attention.parameters());
        // end of sample

        var expected = autograd.grad([attention.call(x, x, x, null).sum()], [x])[0];
        TensorAssert.Close(expected, autograd.grad([output.sum()], [x])[0], 1e-6);
    }

    private static Tensor Matrix(double[][] rows) => stack([.. rows.Select(row => tensor(row))]);

    // sample: SameTokenBonus
    private sealed class SameTokenBonus() : PositionEncoding(nameof(SameTokenBonus))
    {
        public override bool ActsOnScores => true;

        public override Tensor ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys)
        {
            using var scope = NewDisposeScope();
            var i = arange(queries.Start, queries.End).unsqueeze(1);
            var j = arange(keys.Start, keys.End).unsqueeze(0);
            return i.eq(j).to(query.dtype).mul(5).MoveToOuterDisposeScope();             // 5 for a token and itself
        }
    }
    // end of sample
}
