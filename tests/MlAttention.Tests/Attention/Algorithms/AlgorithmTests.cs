using MlAttention.Attention;
using MlAttention.Attention.Algorithms;
using MlAttention.Attention.Scores;
using MlAttention.Positions;
using MlAttention.Tests.Golden;
using TorchSharp;
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
    public void Attend_Gradient_EqualsFiniteDifferences(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        using var positions = new ShawRelativePositions(headWidth: 2, clipDistance: 1);
        positions.to(ScalarType.Float64);
        var (query, key, value) = (GradientCheck.Random([1, 2, 3, 2], 1), GradientCheck.Random([1, 2, 5, 2], 2), GradientCheck.Random([1, 2, 5, 2], 3));
        var inputs = new AttentionInputs(query, key, value, score) { Mask = AttentionMask.Padding([4], 5), Positions = positions, Temperature = 1.5 };
        GradientCheck.Run(() => Create(algorithm).Attend(inputs).Output, [query, key, value, .. positions.parameters()]);
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Full)]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.LocalWindow)]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void Attend_ForwardAndBackward_LeaveNoTensor(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query(), Key(), Value(), score) { Mask = AttentionMask.Padding([11, 4], 11) & AttentionMask.Causal() };
        LiveTensors.AssertNoneLeft(() => Create(algorithm).Attend(inputs).Output, inputs.Query, inputs.Key, inputs.Value);
    }

    [Fact]
    public void Attend_WrongShapes_SayWhichAndWhatIsExpected()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query(), Key(), Value(), score);
        AssertRefused(inputs with { Query = zeros(2, 7, 5) }, "query must have shape [B,H,L,Dh]; got [2,7,5].");
        AssertRefused(inputs with { Key = zeros(2, 2, 11, 5) }, "key must have shape [B,H,S,Dh]=[2,3,S,5]; got [2,2,11,5].");
        AssertRefused(inputs with { Value = zeros(2, 3, 10, 13) }, "value must have shape [B,H,S,Dv]=[2,3,11,Dv]; got [2,3,10,13].");
        AssertRefused(inputs with { Key = zeros(2, 3, 11, 4, ScalarType.Float64) }, "key must have shape [2,3,11,5]; got [2,3,11,4].");
        AssertRefused(inputs with { Mask = AttentionMask.Padding([1, 1, 1], 11) }, "The padding mask must have shape [B,S]=[2,11]; got [3,11].");
        AssertRefused(inputs with { Mask = AttentionMask.From(zeros(6, 11, ScalarType.Bool)) }, "The mask must broadcast to [7,11]; got [6,11].");
        AssertRefused(inputs with { Mask = AttentionMask.BlockSparse(new bool[1, 2], 5) }, "The block-sparse mask covers 5 queries and 10 keys; got 7 and 11.");

        static void AssertRefused(AttentionInputs inputs, string reason) =>
            Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => new FullAttention().Attend(inputs)).Message, StringComparison.Ordinal);
    }
}
