using MlAttention.Tests.Documentation.Pictures;
using MlAttention.Tests.Golden;
using TorchSharp;
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
        var (output, weights) = attention.Attend(x, x, x, mask, returnWeights: true);   // [2,10,64], [2,4,10,10]
        // end of sample

        Assert.Equal([2, 10, 64], output.shape);
        Assert.Equal([2, 4, 10, 10], weights!.shape);
    }

    [Fact]
    public void Guide_Layer_GivesTheWorkedExample()
    {
        using var scope = NewDisposeScope();
        var (x, byMeaning, byPlace) = (WorkedExample.Matrix(WorkedExample.X).unsqueeze(0), WorkedExample.ByMeaning, WorkedExample.ByPlace);
        double[][][] weights = [byMeaning.QueryWeights, byPlace.QueryWeights, byMeaning.KeyWeights, byPlace.KeyWeights, byMeaning.ValueWeights, byPlace.ValueWeights];

        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 4, Heads = 2, Bias = false });
        attention.to(ScalarType.Float64);
        GoldenLayer.SetParameters(attention, new()
        {
            ["in_proj_weight"] = cat([.. weights.Select(matrix => WorkedExample.Matrix(matrix).t())]),
            ["out_proj.weight"] = WorkedExample.Matrix(WorkedExample.OutputWeights).t(),
        });
        var (output, heads) = attention.Attend(x, x, x, AttentionMask.Causal(), returnWeights: true);

        TensorAssert.Close(WorkedExample.Matrix(WorkedExample.Output), output.squeeze(0), 1e-12);
        TensorAssert.Close(WorkedExample.Matrix(byMeaning.Weights), heads![0, 0], 1e-12);
        TensorAssert.Close(WorkedExample.Matrix(byPlace.Weights), heads[0, 1], 1e-12);
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
    public void Guide_EncoderLayer_IsItsFormula()
    {
        using var scope = NewDisposeScope();
        var (x, mask) = (randn(2, 10, 64), AttentionMask.Padding([10, 7], 10));

        // sample: Guide_EncoderLayer_IsItsFormula
        var options = new EncoderLayerOptions { ModelWidth = 64, Heads = 4, FeedForwardWidth = 256, Dropout = 0 };
        using var layer = new EncoderLayer(options);
        var output = layer.call(x, mask);                                     // [B,L,D], as x: layers stack
        // end of sample

        var parts = layer.named_children().ToDictionary(part => part.name, part => part.module);
        Tensor Norm(string name, Tensor input) => ((TorchSharp.Modules.LayerNorm)parts[name]).call(input);
        Tensor Linear(string name, Tensor input) => ((TorchSharp.Modules.Linear)parts[name]).call(input);
        var normed = Norm("norm1", x);
        var attended = x.add(((MultiHeadAttention)parts["self_attn"]).call(normed, normed, normed, mask));
        TensorAssert.Close(attended.add(Linear("linear2", nn.functional.gelu(Linear("linear1", Norm("norm2", attended))))), output);
    }

    [Fact]
    public void Guide_Decoder_LooksAtTheMemory()
    {
        using var scope = NewDisposeScope();
        var (memory, written) = (randn(2, 12, 64), randn(2, 5, 64));

        // sample: Guide_Decoder_LooksAtTheMemory
        using var decoder = new DecoderLayer(new EncoderLayerOptions { ModelWidth = 64, Heads = 4, Dropout = 0 });
        var padding = AttentionMask.Padding([12, 9], 12);        // of the source, which has 12 and 9 tokens
        var output = decoder.call(written, memory, null, padding);                    // [B,L,D] of 5 tokens
        // end of sample

        var other = memory.clone();
        other[1, 9..].add_(1);
        TensorAssert.Close(output, decoder.call(written, other, null, padding));
        other[1, 8].add_(1);
        Assert.True(decoder.call(written, other, null, padding).sub(output).abs().max().item<float>() > 1e-3);
        var longer = cat([written, randn(2, 1, 64)], 1);
        TensorAssert.Close(output, decoder.call(longer, memory, null, padding).narrow(1, 0, 5));
    }

    [Fact]
    public void Guide_Pooling_LeavesPaddingOut()
    {
        using var scope = NewDisposeScope();
        var vectors = WorkedExample.Matrix(PoolingPicture.Padded).unsqueeze(0);

        // sample: Guide_Pooling_LeavesPaddingOut
        using var pooling = SequencePooling.Create(PoolingKind.Mean, width: 4);
        var isReal = tensor(new[,] { { true, true, true, false } });                     // [B,L]
        var vector = pooling.call(vectors, isReal);                                      // [B,L,D] -> [B,D]
        // end of sample

        TensorAssert.Close(WorkedExample.Matrix(WorkedExample.Output).mean([0]), vector.squeeze(0), 1e-12);
        TensorAssert.Close(vector.squeeze(0), tensor(PoolingPicture.Pool(PoolingKind.Mean)), 1e-6);
        TensorAssert.Close(tensor(WorkedExample.Output[2]), tensor(PoolingPicture.Pool(PoolingKind.Last)), 1e-6);
        TensorAssert.Close(WorkedExample.Matrix(WorkedExample.Output).amax([0]), tensor(PoolingPicture.Pool(PoolingKind.Max)), 1e-6);
    }

    [Fact]
    public void Guide_Algorithms_AreOneOption()
    {
        using var scope = NewDisposeScope();
        var x = randn(1, 300, 64);

        // sample: Guide_Algorithms_AreOneOption
        var options = new AttentionOptions { ModelWidth = 64, Heads = 4 };
        using var full = new MultiHeadAttention(options);
        var inBlocks = options with { Algorithm = AttentionAlgorithm.Chunked, BlockSize = 128 };
        using var chunked = new MultiHeadAttention(inBlocks);
        chunked.load_state_dict(full.state_dict());
        var difference = full.call(x, x, x, null).sub(chunked.call(x, x, x, null)).abs().max();   // rounding alone
        // end of sample

        Assert.InRange(difference.item<float>(), 0, 1e-6);
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
        var imageTokens = patches.call(randn(2, 3, 32, 32));         // [2,64,64]: 8 x 8 patches of an image
        using var frames = new EmbedFrames(features: 80, modelWidth: 64, stack: 4, stride: 3);
        var speechTokens = frames.call(randn(2, 100, 80));    // [2,33,64]: 4 frames a token, 3 frames apart
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
}
