using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>The parts of softmax_mask.json beside its cases: what encoder layers and the loss are built from.</summary>
public sealed class BuildingBlockGoldenTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("softmax_mask.json");

    [Fact]
    public void Gelu_IsTheExactOneOrTheOneWithTanh()
    {
        using var scope = NewDisposeScope();
        var part = _golden.Part("gelu");
        TensorAssert.Close(part.Tensor("gelu_erf"), ActivationKind.Gelu.Apply(part.Tensor("x")));
        TensorAssert.Close(part.Tensor("gelu_tanh"), ActivationKind.GeluTanh.Apply(part.Tensor("x")));
    }

    [Fact]
    public void LayerNorm_EqualsPyTorch()
    {
        using var scope = NewDisposeScope();
        var part = _golden.Part("layernorm");
        using var norm = nn.LayerNorm(4, part.Number("eps"));
        TensorAssert.Close(part.Tensor("plain"), norm.call(part.Tensor("x")));
        GoldenLayer.SetParameters(norm, new() { ["weight"] = part.Tensor("weight"), ["bias"] = part.Tensor("bias") });
        TensorAssert.Close(part.Tensor("affine"), norm.call(part.Tensor("x")));
    }

    [Fact]
    public void CrossEntropy_EqualsPyTorch()
    {
        using var scope = NewDisposeScope();
        var part = _golden.Part("cross_entropy");
        var (logits, target) = (part.Tensor("logits"), tensor(part.Integers("target")).to(ScalarType.Int64));
        TensorAssert.Close(tensor((float)part.Number("mean_ce")), nn.functional.cross_entropy(logits, target));
        TensorAssert.Close(part.Tensor("per_row"), nn.functional.cross_entropy(logits, target, reduction: nn.Reduction.None));
    }
}
