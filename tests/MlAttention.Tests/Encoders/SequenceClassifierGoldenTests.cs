using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class SequenceClassifierGoldenTests
{
    private static readonly GoldenFile _golden = GoldenFile.Load("classifier.json");
    private static readonly GoldenFile _equivariance = GoldenFile.Load("equivariance.json");

    public static TheoryData<string> GoldenCases => GoldenFile.Names("classifier.json");

    public static TheoryData<string> EquivarianceCases => GoldenFile.Names("equivariance.json");

    [Theory]
    [MemberData(nameof(GoldenCases))]
    [GoldenCases("classifier.json")]
    public void ForwardAndBackward_GoldenCase_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var golden = _golden[name];
        using var classifier = GoldenClassifier.Create(golden);
        var (tokens, mask) = GoldenClassifier.Batch(golden);

        var logits = classifier.call(tokens, mask);
        var loss = GoldenClassifier.Loss(golden, logits);
        loss.backward();

        TensorAssert.Close(golden.Tensor("logits"), logits, what: "logits");
        TensorAssert.Close(golden.Tensor("probabilities"), logits.softmax(1), what: "probabilities");
        TensorAssert.Close(tensor((float)golden.Number("loss")), loss, what: "loss");
        classifier.AssertGoldenGradients(golden.Tensors("grads"), GoldenClassifier.Rename);
        double norm = Math.Sqrt(classifier.parameters().Sum(parameter => parameter.grad!.pow(2).sum().ToDouble()));
        Assert.Equal(golden.Number("grad_norm"), norm, 1e-5 * (1 + norm));
    }

    [Theory]
    [MemberData(nameof(EquivarianceCases))]
    [GoldenCases("equivariance.json")]
    public void Forward_PermutedTokens_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var golden = _equivariance[name];
        using var classifier = GoldenClassifier.Create(golden, name.Split('_')[0], preNorm: true, causal: name.EndsWith("causal", StringComparison.Ordinal));
        var (tokens, mask) = GoldenClassifier.Batch(golden);
        var order = tensor(golden.Integers("permutation")).to(ScalarType.Int64);

        var logits = classifier.call(tokens, mask);
        var permuted = classifier.call(tokens.index_select(1, order), mask);
        var reversed = classifier.call(tokens.flip(1), mask);

        TensorAssert.Close(golden.Tensor("logits"), logits, what: "logits");
        TensorAssert.Close(golden.Tensor("logits_permuted"), permuted, what: "permuted");
        TensorAssert.Close(golden.Tensor("logits_reversed"), reversed, what: "reversed");
        Assert.Equal(golden.Flag("must_be_equal"), (logits - permuted).abs().max().item<float>() < 1e-5);
    }
}
