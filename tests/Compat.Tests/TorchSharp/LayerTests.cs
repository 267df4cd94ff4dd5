using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class LayerTests
{
    [Fact]
    public void Linear_IsTheProductWithItsWeightPlusBias()
    {
        using var layer = nn.Linear(3, 2);
        using (no_grad())
        {
            layer.weight!.copy_(tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]));
            layer.bias!.copy_(tensor(new float[] { 10, 20 }));
        }

        Values.Equal([16, 35], layer.call(ones(3)));
        using var plain = nn.Linear(3, 2, hasBias: false);
        Assert.Null(plain.bias);
        Assert.Single(plain.parameters());
    }

    [Fact]
    public void Linear_InitialWeights_LieWithinTheBoundOfItsInputs()
    {
        using var layer = nn.Linear(25, 100);
        Assert.InRange(layer.weight!.abs().max().ToSingle(), 0.15f, 0.2f);
        Assert.InRange(layer.bias!.abs().max().ToSingle(), 0.15f, 0.2f);
    }

    [Fact]
    public void Embedding_LooksRowsUp_AndKeepsThePaddingRowUntrained()
    {
        using var table = nn.Embedding(5, 3, padding_idx: 0);
        Values.Equal([0, 0, 0], table.weight![0]);
        using Tensor ids = tensor(new long[] { 0, 4, 4 });
        Tensor rows = table.call(ids);
        Assert.Equal([3, 3], rows.shape);
        Assert.True(rows[1].allclose(table.weight![4]));
        rows.sum().backward();
        Values.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2], table.get_parameter("weight").grad!);
    }

    [Fact]
    public void LayerNorm_HasMeanZeroAndVarianceOne()
    {
        using var norm = nn.LayerNorm(4);
        Values.Equal([-1.3416355, -0.4472118, 0.4472118, 1.3416355], norm.call(tensor(new float[] { 1, 2, 3, 4 })), 1e-5);
        Assert.Equal(["weight", "bias"], norm.named_parameters().Select(item => item.name));
    }

    [Fact]
    public void Dropout_InTraining_ZeroesAndScales_InEvaluationDoesNothing()
    {
        using var dropout = nn.Dropout(0.25);
        using Tensor x = ones(10_000);
        float[] values = dropout.call(x).data<float>().ToArray();
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value - (4f / 3)) < 1e-6));
        Assert.InRange(values.Count(value => value == 0), 2200, 2800);
        dropout.eval();
        Values.Equal(10_000, dropout.call(x).sum());
    }

    [Fact]
    public void Lstm_OfOneStep_FollowsItsEquations()
    {
        using var lstm = nn.LSTM(1, 1, batchFirst: true);
        Assert.Equal(["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"], lstm.named_parameters().Select(item => item.name));
        using (no_grad())
        {
            foreach (Parameter parameter in lstm.parameters())
                parameter.fill_(0);
            lstm.get_parameter("weight_ih_l0").copy_(tensor(new float[] { 1, 2, 3, 4 }, [4, 1]));
        }

        (Tensor output, Tensor hidden, Tensor cell) = lstm.call(ones(1, 1, 1));
        double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        double expectedCell = Sigmoid(1) * Math.Tanh(3);
        Values.Equal(expectedCell, cell, 1e-6);
        Values.Equal(Sigmoid(4) * Math.Tanh(expectedCell), hidden, 1e-6);
        Assert.True(output.flatten().allclose(hidden.flatten()));
    }

    [Fact]
    public void Gru_OfOneStep_FollowsItsEquations()
    {
        using var gru = nn.GRU(1, 1, batchFirst: true);
        using (no_grad())
        {
            foreach (Parameter parameter in gru.parameters())
                parameter.fill_(0);
            gru.get_parameter("weight_ih_l0").copy_(tensor(new float[] { 1, 2, 3 }, [3, 1]));
        }

        (Tensor output, Tensor hidden) = gru.call(ones(1, 1, 1), full([1, 1, 1], 0.5));
        double update = 1 / (1 + Math.Exp(-2));
        Values.Equal((update * 0.5) + ((1 - update) * Math.Tanh(3)), hidden, 1e-6);
        Assert.Equal([1, 1, 1], output.shape);
    }

    [Fact]
    public void BidirectionalLstm_HasBothDirectionsInItsShapes()
    {
        using var lstm = nn.LSTM(3, 5, numLayers: 2, batchFirst: true, bidirectional: true);
        (Tensor output, Tensor hidden, _) = lstm.call(randn(2, 7, 3));
        Assert.Equal([2, 7, 10], output.shape);
        Assert.Equal([4, 2, 5], hidden.shape);
        Assert.Contains("weight_ih_l1_reverse", lstm.named_parameters().Select(item => item.name));
    }

    [Fact]
    public void PackedSequences_GiveEachRowItsOwnLastState()
    {
        using var gru = nn.GRU(3, 5, batchFirst: true);
        using Tensor rows = randn(2, 7, 3);
        using var packed = nn.utils.rnn.pack_padded_sequence(rows, tensor(new long[] { 4, 7 }), batch_first: true, enforce_sorted: false);
        (nn.utils.rnn.PackedSequence outputs, _) = gru.call(packed);
        (Tensor padded, Tensor lengths) = nn.utils.rnn.pad_packed_sequence(outputs, batch_first: true);
        Assert.Equal([4, 7], lengths.data<long>().ToArray());
        (_, Tensor alone) = gru.call(rows[..1, ..4]);
        Assert.True(padded[0, 3].allclose(alone[0, 0], 1e-5, 1e-6));
        Values.Equal(new double[15], padded[0, 4..]);
    }

    [Fact]
    public void Conv1d_SlidesItsKernel()
    {
        using var convolution = nn.Conv1d(1, 1, 3, padding: 1);
        using (no_grad())
        {
            convolution.weight!.copy_(tensor(new float[] { 1, 2, 3 }, [1, 1, 3]));
            convolution.bias!.fill_(0.5);
        }

        using Tensor x = tensor(new float[] { 1, 10, 100 }, [1, 1, 3]);
        Values.Equal([32.5, 321.5, 210.5], convolution.call(x));
        using var same = nn.Conv1d(1, 4, 2, Padding.Same);
        Assert.Equal([1, 4, 3], same.call(x).shape);
        Assert.Throws<ArgumentException>(() => convolution.call(ones(1, 2, 3)));
    }

    [Fact]
    public void Conv2d_WithStride_CutsPatches()
    {
        using var convolution = nn.Conv2d(1, 1, 2, stride: 2, bias: false);
        using (no_grad())
            convolution.weight!.fill_(1);
        Values.Equal([10, 18, 42, 50], convolution.call(arange(16, ScalarType.Float32).view(1, 1, 4, 4)));
    }

    [Fact]
    public void CrossEntropyLoss_UsesWeightsAndSmoothing()
    {
        using Tensor logits = tensor(new[] { 1.0, 2, 3, 0, 0, 0 }, [2, 3]);
        using Tensor target = tensor(new long[] { 2, 0 });
        double first = Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), second = Math.Log(3);
        Values.Equal((first + second) / 2, nn.CrossEntropyLoss().call(logits, target), 1e-9);
        using Tensor weight = tensor(new[] { 3.0, 1, 1 });
        Values.Equal((first + (3 * second)) / 4, nn.CrossEntropyLoss(weight).call(logits, target), 1e-9);
        double smooth = (0.9 * first) + (0.1 * (first + 1));
        Values.Equal((smooth + second) / 2, new CrossEntropyLoss(label_smoothing: 0.1).call(logits, target), 1e-9);
        using Tensor ignoring = tensor(new long[] { 2, 1 });
        Values.Equal(first, nn.CrossEntropyLoss(ignore_index: 1).call(logits, ignoring), 1e-9);
    }
}
