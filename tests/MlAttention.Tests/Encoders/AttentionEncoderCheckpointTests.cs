using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

[Collection(RandomStateCollection.Name)]
public sealed class AttentionEncoderCheckpointTests
{
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 3, Layers = 3, FeedForwardWidth = 7, Dropout = 0.2 };

    [Theory]
    [InlineData(PositionScheme.None)]
    [InlineData(PositionScheme.RelativeBias)]
    [InlineData(PositionScheme.ShawRelative)]
    public void GradientCheckpointing_Training_HasTheSameOutputAndGradients(PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        var (expected, expectedGradients) = Run(scheme, checkpoint: false);
        var (actual, actualGradients) = Run(scheme, checkpoint: true);
        TensorAssert.Close(expected, actual, 0, 0);
        Assert.Equal(expectedGradients.Keys, actualGradients.Keys);
        foreach (var (name, gradient) in expectedGradients) TensorAssert.Close(gradient, actualGradients[name], 1e-7, 1e-6, name);
    }

    private static (Tensor Output, Dictionary<string, Tensor> Gradients) Run(PositionScheme scheme, bool checkpoint)
    {
        manual_seed(1);
        var model = new SequenceModelOptions { ModelWidth = 6, Heads = 3, MaxLength = 5, Positions = scheme };
        var shared = PositionEncoding.Create(model);
        using var encoder = new AttentionEncoder(
            _options with { GradientCheckpointing = checkpoint },
            () => shared.PerLayer ? PositionEncoding.Create(model) : shared);
        foreach (var parameter in shared.parameters()) nn.init.normal_(parameter);
        var x = GradientCheck.Random([2, 5, 6], 1, ScalarType.Float32).requires_grad_();
        var mask = tensor(new bool[,] { { true, true, true, true, true }, { true, true, true, false, false } });
        var output = encoder.call(x, mask);
        output.square().sum().backward();
        var gradients = encoder.named_parameters().ToDictionary(entry => entry.Item1, entry => entry.Item2.grad!);
        gradients["x"] = x.grad!;
        if (!shared.PerLayer)
            foreach (var (name, parameter) in shared.named_parameters()) gradients[$"shared {name}"] = parameter.grad!;
        return (output, gradients);
    }
}
