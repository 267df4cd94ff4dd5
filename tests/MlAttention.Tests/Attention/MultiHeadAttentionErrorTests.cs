using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>Options and inputs that the layer refuses, and what it says.</summary>
public sealed class MultiHeadAttentionErrorTests
{
    private static readonly AttentionOptions Options = new() { ModelWidth = 22, Heads = 2 };

    [Fact]
    public void Constructor_BadOptions_ListsEveryOne()
    {
        var bad = new AttentionOptions { ModelWidth = 10, Heads = 3, Dropout = 1, Temperature = 0, BlockSize = 0, KeyWidth = 0, RandomFeatures = 0, WindowRadius = -1, AdditiveWidth = 0, ValueWidth = -1 };
        var message = Assert.Throws<ArgumentException>(() => new MultiHeadAttention(bad)).Message;
        Assert.StartsWith("AttentionOptions has 9 error(s): ModelWidth = 10: must be a multiple of Heads = 3.", message, StringComparison.Ordinal);
        foreach (var part in new[] { "Dropout = 1:", "Temperature = 0:", "BlockSize = 0:", "KeyWidth = 0:", "ValueWidth = -1:", "RandomFeatures = 0:", "WindowRadius = -1:", "AdditiveWidth = 0:" })
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Linear, ScoreFunction.Cosine, 1, "Score = Cosine: linear attention has its own score")]
    [InlineData(AttentionAlgorithm.Linear, ScoreFunction.ScaledDotProduct, 2, "Temperature = 2: linear attention has no softmax")]
    [InlineData(AttentionAlgorithm.Performer, ScoreFunction.Additive, 1, "Score = Additive: Performer attention estimates a dot product")]
    public void Constructor_OptionThatTheAlgorithmHasNoUseFor_SaysSo(AttentionAlgorithm algorithm, ScoreFunction score, double temperature, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new MultiHeadAttention(Options with { Algorithm = algorithm, Score = score, Temperature = temperature })).Message, StringComparison.Ordinal);

    [Fact]
    public void Attend_WrongShapes_SayWhichAndWhatIsExpected()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options with { KeyWidth = 13, ValueWidth = 17 });
        AssertRefused(zeros(3, 5, 21), zeros(3, 7, 13), zeros(3, 7, 17), "query must have shape [B,L,D]=[B,L,22]; got [3,5,21].");
        AssertRefused(zeros(3, 5, 22), zeros(2, 7, 13), zeros(3, 7, 17), "key must have shape [B,S,Dk]=[3,S,13]; got [2,7,13].");
        AssertRefused(zeros(3, 5, 22), zeros(3, 7, 13), zeros(3, 6, 17), "value must have shape [B,S,Dv]=[3,7,17]; got [3,6,17].");
        AssertRefused(zeros(5, 22), zeros(3, 7, 13), zeros(3, 7, 17), "query must have shape [B,L,D]=[B,L,22]; got [5,22].");

        void AssertRefused(Tensor query, Tensor key, Tensor value, string reason) =>
            Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => layer.call(query, key, value, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attend_NaN_SaysWhere()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = Sequence(5, 22, 1);
        x.view(-1).narrow(0, 5 * 22 + 2 * 22 + 3, 1).fill_(double.NaN);
        var message = Assert.Throws<ArgumentException>(() => layer.call(x, x, x, null)).Message;
        Assert.StartsWith("query has 1 NaN value(s), the first at [1,2,3].", message, StringComparison.Ordinal);

        using var unchecked_ = new MultiHeadAttention(Options with { CheckNumbers = false });
        Assert.Contains(double.NaN, TensorAssert.Values(unchecked_.call(x, x, x, null)));
    }

    [Fact]
    public void Attend_HugeNumbersWhoseSumOverflows_AreNotNaN()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(Options);
        var x = full([1, 2, 22], float.MaxValue);
        layer.call(x, x, x, null);
    }

    [Fact]
    public void Attend_PositionsOfAnotherModel_SayWhichShape()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 5, 22);
        AssertRefused(new AlibiPositions(heads: 3), "query must have shape [B,H,L,Dh]=[B,3,L,Dh]; got [1,2,5,11].");
        AssertRefused(new RelativeBiasPositions(heads: 3), "query must have shape [B,H,L,Dh]=[B,3,L,Dh]; got [1,2,5,11].");
        AssertRefused(new ShawRelativePositions(headWidth: 10), "query must have shape [B,H,L,Dh]=[B,H,L,10]; got [1,2,5,11].");
        AssertRefused(new RotaryPositions(headWidth: 10), "query must have shape [..,L,Dh]=[..,L,10]; got [1,2,5,11].");

        void AssertRefused(PositionEncoding positions, string reason)
        {
            using (positions)
            {
                using var layer = new MultiHeadAttention(Options, positions);
                Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => layer.call(x, x, x, null)).Message, StringComparison.Ordinal);
            }
        }
    }

    private static Tensor Sequence(int length, int width, int seed) => GradientCheck.Random([3, length, width], seed, ScalarType.Float32);
}
