using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class EncoderLayerTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("encoder_layer.json");

    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 2, FeedForwardWidth = 11, Dropout = 0 };

    public static TheoryData<string> GoldenCases => GoldenFile.Names("encoder_layer.json");

    [Theory]
    [MemberData(nameof(GoldenCases))]
    [GoldenCases("encoder_layer.json")]
    public void ForwardAndBackward_GoldenCase_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var golden = _golden[name];
        using var layer = new EncoderLayer(new SequenceModelOptions
        {
            ModelWidth = golden.Integer("config.E"),
            Heads = golden.Integer("config.H"),
            FeedForwardWidth = golden.Integer("config.FF"),
            Activation = golden.Text("config.activation") == "relu" ? ActivationKind.Relu : ActivationKind.Gelu,
            Norm = golden.Flag("config.norm_first") ? NormPlacement.Pre : NormPlacement.Post,
            LayerNormEpsilon = golden.Number("config.layer_norm_eps"),
            Dropout = golden.Number("config.dropout"),
        });
        ModuleWeights.Set(layer, golden.Weights("params"));
        var padding = golden.Has("key_padding_mask") ? AttentionMask.Padding(golden.Allowed("key_padding_mask")) : null;
        var pairs = golden.Has("attn_mask") ? AttentionMask.From(golden.Allowed("attn_mask")) : null;
        var x = golden.Tensor("X").requires_grad_();

        var output = layer.call(x, AttentionMask.Combine(padding, pairs));
        var loss = (output * golden.Tensor("G")).sum();
        loss.backward();

        TensorAssert.Close(golden.Tensor("output"), output, what: "output");
        TensorAssert.Close(tensor((float)golden.Number("loss")), loss, what: "loss");
        TensorAssert.Close(golden.Tensor("grad_X"), x.grad!, what: "grad_X");
        layer.AssertGoldenGradients(golden.Tensors("grads"));
    }

    [Fact]
    public void Forward_ZeroedSublayers_IsTheResidualAlone()
    {
        using var scope = NewDisposeScope();
        var x = LayerChecks.Numbers(1, 2, 3, 6);
        using var pre = new EncoderLayer(_options).WithNumbers(scale: 0);
        using var post = new EncoderLayer(_options with { Norm = NormPlacement.Post }).WithNumbers(scale: 0);

        LayerChecks.AssertClose(x, pre.call(x, null), 0);
        LayerChecks.AssertClose(zeros(2, 3, 6), post.call(x, null), 0);
    }

    [Fact]
    [HandSolved(typeof(EncoderLayer))]
    public void Forward_OneFeature_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var layer = new EncoderLayer(new SequenceModelOptions { ModelWidth = 1, Heads = 1, FeedForwardWidth = 1, Activation = ActivationKind.Relu, Dropout = 0, Positions = PositionScheme.None });
        ModuleWeights.Set(layer,
        [
            new("self_attn.in_proj_weight", [3, 1], [0, 0, 0]), new("self_attn.in_proj_bias", [3], [0, 0, 2]),
            new("self_attn.out_proj.weight", [1, 1], [3]), new("self_attn.out_proj.bias", [1], [1]),
            new("linear1.weight", [1, 1], [0]), new("linear1.bias", [1], [5]), new("linear2.weight", [1, 1], [2]), new("linear2.bias", [1], [-1]),
            new("norm1.weight", [1], [1]), new("norm1.bias", [1], [0]), new("norm2.weight", [1], [1]), new("norm2.bias", [1], [0]),
        ]);

        // A norm over one feature is 0. Attention: 3 * 2 + 1 = 7. Feed-forward: 2 * relu(5) - 1 = 9.
        LayerChecks.AssertClose([17, 16], layer.call(tensor(new float[,,] { { { 1 }, { 0 } } }), null));
    }

    [Fact]
    public void Forward_LayerNormEpsilon_ChangesTheOutput()
    {
        using var scope = NewDisposeScope();
        using var small = new EncoderLayer(_options).WithNumbers();
        using var large = new EncoderLayer(_options with { LayerNormEpsilon = 1 }).WithNumbers();
        var x = LayerChecks.Numbers(1, 1, 3, 6);

        Assert.True((small.call(x, null) - large.call(x, null)).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void Parameters_HavePyTorchsNamesAndShapes()
    {
        using var layer = new EncoderLayer(_options);
        Assert.Equal(
            ["linear1.bias [11]", "linear1.weight [11,6]", "linear2.bias [6]", "linear2.weight [6,11]", "norm1.bias [6]", "norm1.weight [6]", "norm2.bias [6]", "norm2.weight [6]",
             "self_attn.in_proj_bias [18]", "self_attn.in_proj_weight [18,6]", "self_attn.out_proj.bias [6]", "self_attn.out_proj.weight [6,6]"],
            ModuleWeights.Get(layer).Select(weight => $"{weight.Name} [{string.Join(',', weight.Shape)}]").Order(StringComparer.Ordinal));
    }
}
