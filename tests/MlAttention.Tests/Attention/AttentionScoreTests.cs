using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

public sealed class AttentionScoreTests
{
    private static readonly double[,] Query = { { 3, 4 }, { 1, 0 } };
    private static readonly double[,] Key = { { 1, 0 }, { 0, 2 }, { -3, -4 } };

    [Fact]
    [HandSolved(typeof(DotScore))]
    public void Dot_ByHand()
    {
        using var scope = NewDisposeScope();
        using var score = new DotScore();
        TensorAssert.Close(tensor(new double[,] { { 3, 8, -25 }, { 1, 0, -3 } }), score.call(tensor(Query), tensor(Key)), 1e-12);
    }

    [Fact]
    [HandSolved(typeof(ScaledDotProductScore))]
    public void ScaledDotProduct_ByHand()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var root = Math.Sqrt(2);
        TensorAssert.Close(tensor(new double[,] { { 3 / root, 8 / root, -25 / root }, { 1 / root, 0, -3 / root } }), score.call(tensor(Query), tensor(Key)), 1e-12);
    }

    [Fact]
    [HandSolved(typeof(CosineScore))]
    public void Cosine_ByHand()
    {
        using var scope = NewDisposeScope();
        using var score = new CosineScore();
        TensorAssert.Close(tensor(new double[,] { { 0.6, 0.8, -1 }, { 1, 0, -0.6 } }), score.call(tensor(Query), tensor(Key)), 1e-12);
    }

    [Fact]
    public void Cosine_ShortVectors_AreAsLongAsAnyOther()
    {
        using var scope = NewDisposeScope();
        using var score = new CosineScore();
        TensorAssert.Close(score.call(tensor(Query), tensor(Key)), score.call(tensor(Query).mul(1e-6), tensor(Key)), 1e-12);
    }

    [Fact]
    public void Cosine_ZeroVector_GivesZeroAndAFiniteGradient()
    {
        using var scope = NewDisposeScope();
        using var score = new CosineScore();
        var query = zeros(1, 2, ScalarType.Float64).requires_grad_();
        var result = score.call(query, tensor(Key));
        TensorAssert.Close(zeros(1, 3, ScalarType.Float64), result, 0, 0);
        result.sum().backward();
        Assert.All(TensorAssert.Values(query.grad!), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    [HandSolved(typeof(AdditiveScore))]
    public void Additive_ByHand()
    {
        using var scope = NewDisposeScope();
        using var score = new AdditiveScore(queryWidth: 1, keyWidth: 2, hiddenWidth: 1);
        GoldenLayer.SetParameters(score, new()
        {
            ["query.weight"] = tensor(new float[,] { { 2 } }),
            ["key.weight"] = tensor(new float[,] { { 1, -1 } }),
            ["value.weight"] = tensor(new float[,] { { 3 } }),
        });
        var scores = score.call(tensor(new float[,] { { 0.5f } }), tensor(new float[,] { { 1, 2 }, { -1, 0 } })); // tanh(1 - 1), tanh(1 - 1)
        TensorAssert.Close(zeros(1, 2), scores);
        scores = score.call(tensor(new float[,] { { 1 } }), tensor(new float[,] { { 0, 0 }, { 1, 2 } }));           // 3 tanh 2, 3 tanh 1
        TensorAssert.Close(tensor(new float[,] { { 3 * MathF.Tanh(2), 3 * MathF.Tanh(1) } }), scores);
    }

    [Theory]
    [InlineData(ScoreFunction.ScaledDotProduct)]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    public void Call_WidthsDiffer_SaysWhichShapeIsWrong(ScoreFunction function)
    {
        using var scope = NewDisposeScope();
        using var score = AttentionScore.Create(function, 16, 16, 16);
        var error = Assert.Throws<ArgumentException>(() => score.call(zeros(2, 4, 7, 16), zeros(2, 4, 9, 15)));
        Assert.StartsWith("key must have shape [..,S,Dk]=[2,4,S,16]; got [2,4,9,15].", error.Message, StringComparison.Ordinal);
    }
}
