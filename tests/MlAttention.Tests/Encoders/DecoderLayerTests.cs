using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Weights;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class DecoderLayerTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("decoder_layer.json");

    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 2, FeedForwardWidth = 7, Dropout = 0 };

    public static TheoryData<string> GoldenCases => GoldenFile.Names("decoder_layer.json");

    [Theory]
    [MemberData(nameof(GoldenCases))]
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
    public void Forward_MaskedMemory_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var layer = new DecoderLayer(_options).WithNumbers();
        var (x, memory) = (LayerChecks.Numbers(1, 1, 5, 6), LayerChecks.Numbers(2, 1, 3, 6));
        var mask = AttentionMask.Padding(LayerChecks.Mask(5, 3));
        var longer = cat([memory, LayerChecks.Numbers(3, 1, 2, 6) * 100], 1);

        LayerChecks.AssertClose(layer.call(x, memory, null, null), layer.call(x, longer, null, mask));
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
        Assert.True(queries.get_parameter("weight").grad!.abs().sum().item<float>() > 0);
        LayerChecks.AssertClose(queries.call(sequence)[0], queries.call(sequence)[1], 0);
    }

    [Fact]
    public void Backward_AgreesWithFiniteDifferences()
    {
        using var layer = new DecoderLayer(_options).WithNumbers();
        LayerChecks.AssertGradients(layer, inputs => layer.call(inputs[0], inputs[1], null, null), LayerChecks.Numbers(4, 2, 5, 6), LayerChecks.Numbers(5, 2, 3, 6));
    }

    [Fact]
    public void ForwardAndBackward_LeaveNoTensors()
    {
        using var layer = new DecoderLayer(_options);
        using var queries = new LearnedQueries(4, 6);
        using var x = LayerChecks.Numbers(1, 2, 5, 6).requires_grad_();
        using var memory = LayerChecks.Numbers(2, 2, 3, 6);
        using var mask = LayerChecks.Mask(3, 3, 0);
        LayerChecks.AssertNoLeaks(layer, () => layer.call(x, memory, null, AttentionMask.Padding(mask)));
        LayerChecks.AssertNoLeaks(queries, () => queries.call(x));
    }

    [Fact]
    public void Weights_SavedAndLoaded_GiveTheSameOutput()
    {
        using var scope = NewDisposeScope();
        using var layer = new DecoderLayer(_options);
        using var other = new DecoderLayer(_options);
        ModuleWeights.Set(other, ModuleWeights.Get(layer));
        var (x, memory) = (LayerChecks.Numbers(1, 1, 5, 6), LayerChecks.Numbers(2, 1, 3, 6));

        Assert.Equal(layer.call(x, memory, null, null).ToDoubles(), other.call(x, memory, null, null).ToDoubles());
    }

    [Fact]
    public void Forward_BadInput_SaysWhatIsWrong()
    {
        using var scope = NewDisposeScope();
        using var layer = new DecoderLayer(_options);
        Assert.Contains("x must have shape [B,L,D]=[B,L,6]; got [2,5]", LayerChecks.Error(() => layer.call(zeros(2, 5), zeros(2, 3, 6), null, null)), StringComparison.Ordinal);
        Assert.Contains("memory must have shape [B,S,D]=[2,S,6]; got [1,3,6]", LayerChecks.Error(() => layer.call(zeros(2, 5, 6), zeros(1, 3, 6), null, null)), StringComparison.Ordinal);
        Assert.Contains("NaN", LayerChecks.Error(() => layer.call(zeros(1, 5, 6), full([1, 3, 6], float.NaN), null, null)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedQueries(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearnedQueries(4, 0));
    }
}
