using MlAttention.Attention;
using MlAttention.Attention.Algorithms;
using MlAttention.Attention.Scores;
using MlAttention.Positions;
using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>Prime sizes: batch 2, heads 3, queries 7, keys 11, head width 5, value width 13.</summary>
public sealed class AlgorithmTests
{
    public enum MaskCase
    {
        None,
        Padding,
        Causal,
        Window,
        PaddingAndCausal,
        GlobalTokens,
        ByHead,
    }

    public enum PositionCase
    {
        None,
        Shaw,
        RelativeBias,
        AlibiOneSided,
    }

    public static TheoryData<ScoreFunction, MaskCase, PositionCase> Combinations()
    {
        var combinations = new TheoryData<ScoreFunction, MaskCase, PositionCase>();
        foreach (var mask in Enum.GetValues<MaskCase>()) combinations.Add(ScoreFunction.ScaledDotProduct, mask, PositionCase.None);
        foreach (var positions in Enum.GetValues<PositionCase>()) combinations.Add(ScoreFunction.ScaledDotProduct, MaskCase.PaddingAndCausal, positions);
        foreach (var score in Enum.GetValues<ScoreFunction>()) combinations.Add(score, MaskCase.Padding, PositionCase.Shaw);
        return combinations;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Chunked_EqualsFull_ForwardAndBackward(ScoreFunction score, MaskCase mask, PositionCase positions) =>
        AssertSame(new FullAttention { UseFused = false }, new ChunkedAttention(blockSize: 3), score, Mask(mask), positions);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Fused_EqualsDefinition_ForwardAndBackward(ScoreFunction score, MaskCase mask, PositionCase positions) =>
        AssertSame(new FullAttention { UseFused = false }, new FullAttention(), score, Mask(mask), positions);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void LocalWindow_EqualsFullWithTheWindowMask_ForwardAndBackward(ScoreFunction score, MaskCase mask, PositionCase positions) =>
        AssertSame(new WithMask(AttentionMask.LocalWindow(2)), new LocalWindowAttention(2), score, Mask(mask), positions);

    [Fact]
    public void LocalWindow_ManyBlocks_EqualsFullWithTheWindowMask()
    {
        using var scope = NewDisposeScope();
        Tensor At(int seed) => GradientCheck.Random([1, 2, 211, 5], seed);
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(At(1), At(2), At(3), score) { Mask = AttentionMask.Causal() };
        var expected = new FullAttention { UseFused = false }.Attend(inputs with { Mask = AttentionMask.CausalLocalWindow(7) }).Output;
        TensorAssert.Close(expected, new LocalWindowAttention(7).Attend(inputs).Output, 1e-12);
    }

    [Fact]
    public void LocalWindow_QueriesFarBeyondTheKeys_AreZero()
    {
        using var scope = NewDisposeScope();
        using var score = new DotScore();
        var inputs = new AttentionInputs(ones(1, 1, 200, 2), ones(1, 1, 3, 2), ones(1, 1, 3, 2), score);
        var output = new LocalWindowAttention(1).Attend(inputs).Output;
        TensorAssert.Close(cat([ones(1, 1, 4, 2), zeros(1, 1, 196, 2)], 2), output, 1e-6);
    }

    [Fact]
    public void Linear_ByHand()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var query = tensor(new double[] { 1 }, [1, 1, 1, 1]);                  // feature 2
        var key = tensor(new double[] { 0, 2 }, [1, 1, 2, 1]);                 // features 1, 3
        var value = tensor(new double[] { 4, 8 }, [1, 1, 2, 1]);
        var output = new LinearAttention().Attend(new AttentionInputs(query, key, value, score)).Output;
        TensorAssert.Close(tensor(new double[] { (1 * 4 + 3 * 8) / 4.0 }, [1, 1, 1, 1]), output, 1e-12);
    }

    [Theory]
    [InlineData(MaskCase.None)]
    [InlineData(MaskCase.Padding)]
    [InlineData(MaskCase.Causal)]
    [InlineData(MaskCase.PaddingAndCausal)]
    public void Linear_EqualsItsQuadraticForm_ForwardAndBackward(MaskCase mask) =>
        AssertSame(new QuadraticKernel(), new LinearAttention(blockSize: 3), ScoreFunction.ScaledDotProduct, Mask(mask), PositionCase.None);

    [Fact]
    public void Performer_MeanOverDraws_IsTheExponentialOfTheProduct()
    {
        using var scope = NewDisposeScope();
        const int Draws = 4000;
        foreach (var orthogonal in new[] { false, true })
        {
            var (query, key) = (tensor(new[] { 0.5, -0.3, 0.2 }), tensor(new[] { 0.1, 0.4, -0.6 }));
            var estimates = new double[Draws];
            for (var draw = 0; draw < Draws; draw++)
            {
                using var one = NewDisposeScope();
                var random = tensor(RandomFeatures.Draw(features: 4, width: 3, orthogonal, seed: draw));
                var products = PerformerAttention.Exponents(query, random).add(PerformerAttention.Exponents(key, random)).exp();
                estimates[draw] = products.mean().item<double>();
            }
            var expected = Math.Exp(0.5 * 0.1 - 0.3 * 0.4 - 0.2 * 0.6);
            var mean = estimates.Average();
            var standardError = Math.Sqrt(estimates.Sum(estimate => (estimate - mean) * (estimate - mean)) / (Draws - 1) / Draws);
            Assert.InRange(mean, expected - 4 * standardError, expected + 4 * standardError);
            Assert.InRange(standardError, 0, 0.02);
        }
    }

    [Fact]
    public void Performer_Error_FallsWithTheRootOfTheFeatures()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        Tensor At(int seed) => GradientCheck.Random([1, 2, 23, 8], seed).div(2);
        var inputs = new AttentionInputs(At(1), At(2), At(3), score);
        var exact = new FullAttention { UseFused = false }.Attend(inputs).Output;
        double Error(int features) => Enumerable.Range(0, 20)
            .Average(seed => new PerformerAttention(features, orthogonal: false, seed).Attend(inputs).Output.sub(exact).square().mean().sqrt().item<double>());

        var (few, many) = (Error(32), Error(512));

        Assert.InRange(few / many, 2.5, 6.5); // 16 times the features: 4 times less error
    }

    [Fact]
    public void Performer_OrthogonalFeatures_LowerTheError()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(GradientCheck.Random([1, 2, 23, 16], 1), GradientCheck.Random([1, 2, 23, 16], 2), GradientCheck.Random([1, 2, 23, 16], 3), score);
        var exact = new FullAttention { UseFused = false }.Attend(inputs).Output;
        double Error(bool orthogonal) => Enumerable.Range(0, 40)
            .Average(seed => new PerformerAttention(16, orthogonal, seed).Attend(inputs).Output.sub(exact).square().mean().item<double>());
        Assert.True(Error(orthogonal: true) < Error(orthogonal: false));
    }

    [Theory]
    [InlineData(MaskCase.Padding)]
    [InlineData(MaskCase.Causal)]
    [InlineData(MaskCase.PaddingAndCausal)]
    public void Performer_ManyFeatures_ComesCloseToFull(MaskCase mask)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query().mul(0.5), Key().mul(0.5), Value(), score) { Mask = Mask(mask), Temperature = 2 };
        var exact = new FullAttention { UseFused = false }.Attend(inputs).Output;
        TensorAssert.Close(exact, new PerformerAttention(4096, blockSize: 3).Attend(inputs).Output, 0.05, 0.05);
    }

    [Fact]
    public void Performer_Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var (query, key, value) = (GradientCheck.Random([1, 1, 3, 2], 1), GradientCheck.Random([1, 1, 3, 2], 2), GradientCheck.Random([1, 1, 3, 2], 3));
        GradientCheck.Run(() => new PerformerAttention(5, blockSize: 2).Attend(new AttentionInputs(query, key, value, score) { Mask = AttentionMask.Causal() }).Output, query, key, value);
    }

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
    public void Chunked_Dropout_DropsTheSameWeightsInBothPasses()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var (query, key, value) = (Query(), Key(), Value().requires_grad_());
        var inputs = new AttentionInputs(query, key, value, score) { Dropout = 0.5 };

        manual_seed(3);
        var output = new ChunkedAttention(3).Attend(inputs).Output;
        var gradient = autograd.grad([output.sum()], [value])[0];

        // The output is linear in the value: its sum is the product of value and gradient when both passes dropped the same weights.
        TensorAssert.Close(output.sum(), gradient.mul(value).sum(), 1e-9);
        var gradientWithout = autograd.grad([new ChunkedAttention(3).Attend(inputs with { Dropout = 0 }).Output.sum()], [value])[0];
        Assert.True(gradient.sub(gradientWithout).abs().max().item<double>() > 0.01);
    }

    [Fact]
    public void Full_Dropout_KeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        manual_seed(4);
        var value = ones(1, 1, 1000, 1, ScalarType.Float64);
        var inputs = new AttentionInputs(zeros(1, 1, 100, 1, ScalarType.Float64), zeros(1, 1, 1000, 1, ScalarType.Float64), value, score) { Dropout = 0.2 };
        foreach (IAttentionAlgorithm algorithm in new IAttentionAlgorithm[] { new FullAttention(), new FullAttention { UseFused = false }, new ChunkedAttention() })
        {
            var output = algorithm.Attend(inputs).Output;
            Assert.InRange(output.mean().item<double>(), 0.99, 1.01);
            Assert.InRange(output.std().item<double>(), 0.005, 0.03); // sqrt(0.2 / 0.8 / 1000) = 0.0158
        }
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.LocalWindow)]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void Attend_WeightsAskedForWithoutTheMatrix_SaysWhoHasThem(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query(), Key(), Value(), score) { ReturnWeights = true };
        Assert.Contains("Ask for them with AttentionAlgorithm.Full.", Assert.Throws<ArgumentException>(() => Create(algorithm).Attend(inputs)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Linear_WhatNeedsScores_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        using var cosine = new CosineScore();
        using var alibi = new AlibiPositions(3);
        var inputs = new AttentionInputs(Query(), Key(), Value(), score);
        AssertRefused(inputs with { Mask = AttentionMask.LocalWindow(1) }, "it takes padding and causal masks; got LocalWindowMask.");
        AssertRefused(inputs with { Dropout = 0.1 }, "Set the attention dropout to 0.");
        AssertRefused(inputs with { Positions = alibi }, "on which AlibiPositions acts");
        AssertRefused(inputs with { Temperature = 2 }, "without temperature");
        AssertRefused(inputs with { Score = cosine }, "has its own score");

        static void AssertRefused(AttentionInputs inputs, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new LinearAttention().Attend(inputs)).Message, StringComparison.Ordinal);
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

    private static Tensor Query() => GradientCheck.Random([2, 3, 7, 5], 1);

    private static Tensor Key() => GradientCheck.Random([2, 3, 11, 5], 2);

    private static Tensor Value(int width = 13) => GradientCheck.Random([2, 3, 11, width], 3);

    private static IAttentionAlgorithm Create(AttentionAlgorithm algorithm) =>
        AlgorithmFactory.Create(new AttentionOptions { Algorithm = algorithm, BlockSize = 3, WindowRadius = 11, RandomFeatures = 7 });

    private static AttentionMask? Mask(MaskCase mask) => mask switch
    {
        MaskCase.Padding => AttentionMask.Padding([11, 4], 11),
        MaskCase.Causal => AttentionMask.Causal(),
        MaskCase.Window => AttentionMask.LocalWindow(1),
        MaskCase.PaddingAndCausal => AttentionMask.Padding([11, 0], 11) & AttentionMask.Causal(),
        MaskCase.GlobalTokens => AttentionMask.WindowWithGlobalTokens(1, 2),
        MaskCase.ByHead => AttentionMask.From(GradientCheck.Random([2, 3, 7, 11], 8).gt(0)),
        _ => null,
    };

    private static PositionEncoding Positions(PositionCase positions) => positions switch
    {
        PositionCase.Shaw => new ShawRelativePositions(headWidth: 5, clipDistance: 3),
        PositionCase.RelativeBias => new RelativeBiasPositions(heads: 3, buckets: 8, maxDistance: 6),
        PositionCase.AlibiOneSided => new AlibiPositions(heads: 3, oneSided: true),
        _ => new NoPositions(),
    };

    private static void AssertSame(IAttentionAlgorithm expected, IAttentionAlgorithm actual, ScoreFunction function, AttentionMask? mask, PositionCase positionCase)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var score = ScoreFactory.Create(function, 5, 5, 7);
        using var positions = Positions(positionCase);
        foreach (var parameter in positions.parameters()) nn.init.normal_(parameter);
        score.to(ScalarType.Float64);
        positions.to(ScalarType.Float64);
        Tensor[] leaves = [Query().requires_grad_(), Key().requires_grad_(), Value(positionCase == PositionCase.Shaw ? 5 : 13).requires_grad_(), .. score.parameters(), .. positions.parameters()];
        var inputs = new AttentionInputs(leaves[0], leaves[1], leaves[2], score) { Mask = mask, Positions = positions, Temperature = 0.7 };
        if (expected is QuadraticKernel) inputs = inputs with { Temperature = 1 };

        var (expectedOutput, actualOutput) = (expected.Attend(inputs).Output, actual.Attend(inputs).Output);

        TensorAssert.Close(expectedOutput, actualOutput, 1e-12, 1e-12, "output");
        var expectedGradients = autograd.grad([expectedOutput.square().sum()], leaves);
        var actualGradients = autograd.grad([actualOutput.square().sum()], leaves);
        for (var i = 0; i < leaves.Length; i++) TensorAssert.Close(expectedGradients[i], actualGradients[i], 1e-11, 1e-10, $"gradient {i}");
    }

    /// <summary>Full attention with one more mask.</summary>
    private sealed class WithMask(AttentionMask further) : IAttentionAlgorithm
    {
        public AttentionResult Attend(AttentionInputs inputs) =>
            new FullAttention { UseFused = false }.Attend(inputs with { Mask = AttentionMask.Combine(inputs.Mask, further) });
    }

    /// <summary>Linear attention as its definition, with the whole matrix.</summary>
    private sealed class QuadraticKernel : IAttentionAlgorithm
    {
        public AttentionResult Attend(AttentionInputs inputs)
        {
            static Tensor Features(Tensor x) => where(x.gt(0), x.add(1), x.exp());
            var products = Features(inputs.Query).matmul(Features(inputs.Key).transpose(-2, -1));
            if (inputs.Mask is { } mask) products = products.masked_fill(mask.ToTensor(products.shape[2], products.shape[3]).logical_not(), 0);
            var sums = products.sum(-1, keepdim: true);
            return new AttentionResult(products.div(sums.masked_fill(sums.eq(0), 1)).matmul(inputs.Value), null);
        }
    }
}
