using MlAttention.Tests.Golden;
using MlAttention.Torch.Tensors;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

[Collection(RandomStateCollection.Name)]
public sealed class GradientCheckpointingTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void Run_TwoLayers_HasTheSameOutputAndGradients(double dropout)
    {
        using var scope = NewDisposeScope();
        using var layers = Layers(dropout);
        var x = GradientCheck.Random([2, 5, 8], 1, ScalarType.Float32).requires_grad_();
        Tensor[] leaves = [x, .. layers.parameters()];

        manual_seed(7);
        var expected = layers[1].Forward(layers[0].Forward(x));
        var expectedGradients = autograd.grad([expected.square().sum()], leaves);
        var afterwards = rand(3);
        manual_seed(7);
        var actual = Checkpointed(layers[1], Checkpointed(layers[0], x));
        var actualGradients = autograd.grad([actual.square().sum()], leaves);

        TensorAssert.Close(expected, actual, 0, 0);
        for (var i = 0; i < leaves.Length; i++) TensorAssert.Close(expectedGradients[i], actualGradients[i], 1e-7, 1e-6, $"gradient {i}");
        TensorAssert.Close(afterwards, rand(3), 0, 0); // the recomputation leaves the caller's random state alone
    }

    [Fact]
    public void Run_UnderADropoutSource_DropsTheSameAgain()
    {
        using var scope = NewDisposeScope();
        using var layers = Layers(0.3);
        var x = GradientCheck.Random([2, 5, 8], 1, ScalarType.Float32).requires_grad_();
        Tensor[] leaves = [x, .. layers.parameters()];
        Tensor[] Gradients(Func<Tensor> forward)
        {
            using var source = DropoutSource.Open(5);
            return autograd.grad([forward().square().sum()], leaves).ToArray();
        }

        var expected = Gradients(() => layers[1].Forward(layers[0].Forward(x)));
        var actual = Gradients(() => Checkpointed(layers[1], Checkpointed(layers[0], x)));

        for (var i = 0; i < leaves.Length; i++) TensorAssert.Close(expected[i], actual[i], 1e-7, 1e-6, $"gradient {i}");
    }

    [Fact]
    public void Run_FirstPartWithoutTrainedInput_StillTrainsItsParameters()
    {
        using var scope = NewDisposeScope();
        using var layers = Layers(0);
        var x = GradientCheck.Random([2, 5, 8], 1, ScalarType.Float32);
        Checkpointed(layers[0], x).sum().backward();
        Assert.All(layers[0].parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Run_Part_IsComputedAgainInTheBackwardPassOnly()
    {
        using var scope = NewDisposeScope();
        var runs = 0;
        var x = ones(3).requires_grad_();
        Tensor Part(Tensor input)
        {
            runs++;
            return input.square();
        }

        var output = GradientCheckpointing.Run(Part, x, []);
        Assert.Equal(1, runs);
        output.sum().backward();
        Assert.Equal(2, runs);
        TensorAssert.Close(full(3, 2), x.grad!);

        using (no_grad()) GradientCheckpointing.Run(Part, x, []);
        Assert.Equal(3, runs);
    }

    [Fact]
    public void Run_ForwardAndBackward_LeaveNoTensor()
    {
        using var layers = Layers(0.2);
        using var x = GradientCheck.Random([2, 5, 8], 1, ScalarType.Float32);
        LiveTensors.AssertNoneLeft(
            () =>
            {
                using var scope = NewDisposeScope();
                return Checkpointed(layers[1], Checkpointed(layers[0], x)).MoveToOuterDisposeScope();
            },
            [x, .. layers.parameters()]);
    }

    private static Tensor Checkpointed(MlAttentionLayer layer, Tensor x) => GradientCheckpointing.Run(layer.Forward, x, layer.parameters());

    private static TorchSharp.Modules.ModuleList<MlAttentionLayer> Layers(double dropout)
    {
        manual_seed(1);
        return nn.ModuleList(new MlAttentionLayer(dropout), new MlAttentionLayer(dropout));
    }

    private sealed class MlAttentionLayer : nn.Module<Tensor, Tensor>
    {
        private readonly MultiHeadAttention _attention;

        public MlAttentionLayer(double dropout) : base(nameof(MlAttentionLayer))
        {
            _attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 8, Heads = 2, Dropout = dropout });
            RegisterComponents();
        }

        public Tensor Forward(Tensor x) => call(x);

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return x.add(_attention.call(x, x, x, AttentionMask.Causal())).MoveToOuterDisposeScope();
        }
    }
}
