using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using static MlAttention.Tests.Attention.Algorithms.AlgorithmCases;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention.Algorithms;

/// <summary>What every algorithm promises.</summary>
public sealed class AlgorithmTests
{
    [Theory]
    [InlineData(AttentionAlgorithm.Full)]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.LocalWindow)]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void Attend_EmptyText_IsZeroForwardAndBackward(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var (query, key, value) = (Query().requires_grad_(), Key().requires_grad_(), Value().requires_grad_());
        var inputs = new AttentionInputs(query, key, value, score) { Mask = AttentionMask.Padding([11, 0], 11) };

        var output = Create(algorithm).Attend(inputs).Output;
        output.square().sum().backward();

        TensorAssert.Close(zeros(3, 7, 13, ScalarType.Float64), output.select(0, 1), 0, 0);
        foreach (var leaf in new[] { query, key, value })
        {
            Assert.All(TensorAssert.Values(leaf.grad!), gradient => Assert.True(double.IsFinite(gradient)));
            Assert.All(TensorAssert.Values(leaf.grad!.select(0, 1)), gradient => Assert.Equal(0, gradient));
        }
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Full)]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.LocalWindow)]
    public void Attend_ExactAlgorithm_ByHand(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var query = tensor(new[] { 1.0, 0 }, [1, 1, 2, 1]);
        var key = tensor(new[] { 0, Math.Log(3), Math.Log(5), 7 }, [1, 1, 4, 1]);              // query 1 weighs the first three 1 : 3 : 5, query 2 all alike
        var value = tensor(new double[] { 9, 18, 27, 1000 }, [1, 1, 4, 1]);
        var inputs = new AttentionInputs(query, key, value, score) { Mask = AttentionMask.Padding([3], 4) };
        TensorAssert.Close(tensor(new[] { 22.0, 18 }, [1, 1, 2, 1]), Create(algorithm).Attend(inputs).Output, 1e-12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attend_PerformerOfEqualKeys_IsTheMeanByHand(bool causal)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(tensor(new double[] { 1, 2, 3 }, [1, 1, 3, 1]), full([1, 1, 3, 1], 0.5, ScalarType.Float64), tensor(new double[] { 3, 9, 30 }, [1, 1, 3, 1]), score);
        TensorAssert.Close(
            tensor(causal ? [3.0, 6, 14] : new double[] { 14, 14, 14 }, [1, 1, 3, 1]),
            Create(AttentionAlgorithm.Performer).Attend(inputs with { Mask = causal ? AttentionMask.Causal() : null }).Output, 1e-12);
    }

    [Fact]
    public void Attend_MaskOfAnotherShape_SaysWhatIsExpected()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query(), Key(), Value(), score);
        AssertRefused(inputs with { Mask = AttentionMask.Padding([1, 1, 1], 11) }, "The padding mask must have shape [B,S]=[2,11]; got [3,11].");
        AssertRefused(inputs with { Mask = AttentionMask.From(zeros(6, 11, ScalarType.Bool)) }, "The mask must broadcast to [7,11]; got [6,11].");
        AssertRefused(inputs with { Mask = AttentionMask.BlockSparse(new bool[1, 2], 5) }, "The block-sparse mask covers 5 queries and 10 keys; got 7 and 11.");

        static void AssertRefused(AttentionInputs inputs, string reason) =>
            Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => new FullAttention().Attend(inputs)).Message, StringComparison.Ordinal);
    }
}
