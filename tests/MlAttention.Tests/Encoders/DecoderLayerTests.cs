using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class DecoderLayerTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("decoder_layer.json");

    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 2, FeedForwardWidth = 7, Dropout = 0 };

    public static TheoryData<string> GoldenCases => GoldenFile.Names("decoder_layer.json");

    [Theory]
    [MemberData(nameof(GoldenCases))]
    [GoldenCases("decoder_layer.json")]
    public void ForwardAndBackward_GoldenCase_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var golden = _golden[name];
        using var layer = new DecoderLayer(_options with
        {
            Activation = golden.Text("config.activation") == "relu" ? ActivationKind.Relu : ActivationKind.Gelu,
            Norm = golden.Flag("config.norm_first") ? NormPlacement.Pre : NormPlacement.Post,
        });
        ModuleWeights.Set(layer, golden.Weights("params"));
        var (x, memory) = (golden.Tensor("x").requires_grad_(), golden.Tensor("memory").requires_grad_());

        var output = layer.call(x, memory, AttentionMask.Padding(golden.Allowed("key_padding_mask")), AttentionMask.Padding(golden.Allowed("memory_key_padding_mask")));
        (output * golden.Tensor("G")).sum().backward();

        TensorAssert.Close(golden.Tensor("output"), output, what: "output");
        TensorAssert.Close(golden.Tensor("grad_x"), x.grad!, what: "grad_x");
        TensorAssert.Close(golden.Tensor("grad_memory"), memory.grad!, what: "grad_memory");
        layer.AssertGoldenGradients(golden.Tensors("grads"));
    }

    [Fact]
    public void Forward_LaterPositionChanged_ReachesEarlierOnesUnlessCausal()
    {
        using var scope = NewDisposeScope();
        using var causal = new DecoderLayer(_options).WithNumbers();
        using var open = new DecoderLayer(_options, causal: false).WithNumbers();
        var (x, memory) = (LayerChecks.Numbers(1, 1, 5, 6), LayerChecks.Numbers(2, 1, 3, 6));
        var changed = cat([x.narrow(1, 0, 4), x.narrow(1, 4, 1).neg()], 1);

        Assert.Equal(0, Change(causal));
        Assert.True(Change(open) > 1e-3);

        float Change(DecoderLayer layer) =>
            (layer.call(x, memory, null, null) - layer.call(changed, memory, null, null)).narrow(1, 0, 4).abs().max().item<float>();
    }

    [Fact]
    [HandSolved(typeof(DecoderLayer))]
    public void Forward_OneFeature_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var layer = new DecoderLayer(new() { ModelWidth = 1, Heads = 1, FeedForwardWidth = 1, Activation = ActivationKind.Relu, Dropout = 0 });
        IEnumerable<WeightTensor> Attention(string name, float valueWeight, float valueBias, float outWeight, float outBias) =>
        [
            new($"{name}.in_proj_weight", [3, 1], [0, 0, valueWeight]), new($"{name}.in_proj_bias", [3], [0, 0, valueBias]),
            new($"{name}.out_proj.weight", [1, 1], [outWeight]), new($"{name}.out_proj.bias", [1], [outBias]),
        ];
        IEnumerable<WeightTensor> Norm(string name) => [new($"{name}.weight", [1], [1]), new($"{name}.bias", [1], [0])];
        ModuleWeights.Set(layer,
        [
            .. Attention("self_attn", 0, 2, 3, 1), .. Attention("multihead_attn", 1, 0, 2, 0),
            new("linear1.weight", [1, 1], [0]), new("linear1.bias", [1], [5]), new("linear2.weight", [1, 1], [2]), new("linear2.bias", [1], [-1]),
            .. Norm("norm1"), .. Norm("norm2"), .. Norm("norm3"),
        ]);

        // A norm over one feature is 0. Self-attention: 3 * 2 + 1 = 7. Cross-attention: 2 * mean(10, 30) = 40. Feed-forward: 2 * relu(5) - 1 = 9.
        LayerChecks.AssertClose([57, 56], layer.call(tensor(new float[,,] { { { 1 }, { 0 } } }), tensor(new float[,,] { { { 10 }, { 30 } } }), null, null));
    }

    [Fact]
    public void Forward_LearnedQueries_ServeAsInputAndAsMemory()
    {
        using var scope = NewDisposeScope();
        using var queries = new LearnedQueries(4, 6).WithNumbers();
        using var layer = new DecoderLayer(_options, causal: false).WithNumbers();
        var sequence = LayerChecks.Numbers(1, 2, 5, 6);

        var fromQueries = layer.call(queries.call(sequence), sequence, null, null);
        var toQueries = layer.call(sequence, queries.call(sequence), null, null);
        (fromQueries.sum() + toQueries.sum()).backward();

        Assert.Equal([2L, 4, 6], fromQueries.shape);
        Assert.Equal([2L, 5, 6], toQueries.shape);
        Assert.True(queries.get_parameter("weight")!.grad!.abs().sum().item<float>() > 0);
        LayerChecks.AssertClose(queries.call(sequence)[0], queries.call(sequence)[1], 0);
    }
}
