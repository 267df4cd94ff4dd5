using System.Text.RegularExpressions;
using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class RecurrentEncoderTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("recurrent.json");

    public static TheoryData<string> GoldenCases => GoldenFile.Names("recurrent.json");

    [Theory]
    [MemberData(nameof(GoldenCases))]
    [GoldenCases("recurrent.json")]
    public void ForwardAndBackward_GoldenCase_EqualPyTorchsPackedSequences(string name)
    {
        using var scope = NewDisposeScope();
        var golden = _golden[name];
        var (width, layers, both) = (golden.Integer("config.D"), golden.Integer("config.layers"), golden.Flag("config.bidirectional"));
        using SequenceEncoder encoder = name.StartsWith("lstm", StringComparison.Ordinal) ? new LstmEncoder(width, layers, both) : new GruEncoder(width, layers, both);
        ModuleWeights.Set(encoder, golden.Weights("params", Rename));
        var x = golden.Tensor("x").requires_grad_();
        var mask = LayerChecks.Mask(x.shape[1], golden.Integers("lengths"));

        var output = encoder.call(x, mask).masked_fill(mask.logical_not().unsqueeze(2), 0);
        (output * golden.Tensor("G")).sum().backward();

        TensorAssert.Close(golden.Tensor("output"), output, what: "output");
        TensorAssert.Close(golden.Tensor("grad_x"), x.grad!, what: "grad_x");
        encoder.AssertGoldenGradients(golden.Tensors("grads"), Rename);
    }

    [Fact]
    [HandSolved(typeof(GruEncoder))]
    public void Forward_GruOfOneUnit_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var encoder = new GruEncoder(1, 1, bidirectional: false);
        ModuleWeights.Set(encoder,
        [
            new("layers.0.forward.weight_ih_l0", [3, 1], [0, 0, 1]), new("layers.0.forward.weight_hh_l0", [3, 1], [0, 0, 0]),
            new("layers.0.forward.bias_ih_l0", [3], [0, 0, 0]), new("layers.0.forward.bias_hh_l0", [3], [0, 0, 0]),
        ]);

        var output = encoder.call(tensor(new float[,,] { { { 1 }, { -2 } } }), LayerChecks.Mask(2, 2));

        // Both gates are sigmoid(0) = 1/2: h1 = tanh(1) / 2, h2 = tanh(-2) / 2 + h1 / 2.
        double first = Math.Tanh(1) / 2;
        LayerChecks.AssertClose([first, Math.Tanh(-2) / 2 + first / 2], output);
    }

    [Fact]
    [HandSolved(typeof(LstmEncoder))]
    public void Forward_LstmOfOneUnit_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var encoder = new LstmEncoder(1, 1, bidirectional: false);
        ModuleWeights.Set(encoder,
        [
            new("layers.0.forward.weight_ih_l0", [4, 1], [0, 0, 1, 0]), new("layers.0.forward.weight_hh_l0", [4, 1], [0, 0, 0, 0]),
            new("layers.0.forward.bias_ih_l0", [4], [0, 0, 0, 0]), new("layers.0.forward.bias_hh_l0", [4], [0, 0, 0, 0]),
        ]);

        var output = encoder.call(tensor(new float[,,] { { { 1 }, { -2 } } }), LayerChecks.Mask(2, 2));

        // All gates are sigmoid(0) = 1/2: c1 = tanh(1) / 2, c2 = c1 / 2 + tanh(-2) / 2, h = tanh(c) / 2.
        double first = Math.Tanh(1) / 2;
        LayerChecks.AssertClose([Math.Tanh(first) / 2, Math.Tanh(first / 2 + Math.Tanh(-2) / 2) / 2], output);
    }

    [Fact]
    public void Forward_TokenAfterPadding_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var encoder = new LstmEncoder(4, 1);
        var mask = tensor(new[,] { { true, false, true } });
        Assert.Contains("padding on the right", LayerChecks.Error(() => encoder.call(zeros(1, 3, 4), mask)), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BadSizes_AreRefused()
    {
        Assert.Contains("even", LayerChecks.Error(() => new LstmEncoder(5, 1)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GruEncoder(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GruEncoder(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GruEncoder(4, 1, dropout: 1));
    }

    private static string Rename(string name)
    {
        var parts = Regex.Match(name, "^(?<weight>.*)_l(?<layer>\\d+)(?<reverse>_reverse)?$").Groups;
        return $"layers.{parts["layer"].Value}.{(parts["reverse"].Success ? "backward" : "forward")}.{parts["weight"].Value}_l0";
    }
}
