using MlAttention.Core.Engines;
using MlAttention.Core.Explanations;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Tests.Engines.Managed;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Explanations;

public class TokenExplainerTests
{
    private const int VocabularySize = 9;

    private static readonly EngineConfiguration s_configuration = new(new SequenceModelOptions { MaxLength = 200 }, VocabularySize + 2, 2);

    // x0 x1 + 3 x2, with the tokens' ids as their numbers, and 0 for the unknown token, which is VocabularySize + 1.
    private static ExplainedFunction Product() => new(token => token == VocabularySize + 1 ? 0 : token, x => x[0] * x[1] + 3 * x[2], x => [x[1], x[0], 3, .. new double[x.Length - 3]]);

    [Fact]
    public void Explain_ProductAndSum_IsWhatTheFormulasGive()
    {
        // F(x) = 2 * 5 + 3 * 1 = 13. On the way a x the gradient is (5a, 2a, 3), whose integral times x is (5, 5, 3).
        // Without x0, or without x1, only 3 is left; without x2, 10.
        var found = new TokenExplainer(Product(), s_configuration, null, new() { Steps = 2 }).Explain([2, 5, 1, 7], target: 0);

        Assert.Equal([5, 5, 3, 0], found.IntegratedGradients, (left, right) => Math.Abs(left - right) < 1e-5f);
        Assert.Equal([10, 10, 3, 0], found.LeaveOneOut, (left, right) => Math.Abs(left - right) < 1e-5f);
        Assert.Equal(13, found.LogOdds, 5);
        Assert.Equal(0, found.BaselineLogOdds, 5);
        Assert.Equal(1, found.Agreement!.Value, 10);
    }

    [Fact]
    public void Explain_OtherClassOfTwo_IsTheOpposite()
    {
        var found = new TokenExplainer(Product(), s_configuration, null, new() { Steps = 3 }).Explain([2, 5, 1], target: 1);

        Assert.Equal([-5, -5, -3], found.IntegratedGradients, (left, right) => Math.Abs(left - right) < 1e-5f);
        Assert.Equal([-10, -10, -3], found.LeaveOneOut, (left, right) => Math.Abs(left - right) < 1e-5f);
    }

    [Fact]
    public void LeaveOneOut_Removed_MovesThoseBehind()
    {
        // Without the first token x = (5, 1, 7): 5 + 21 = 26; without the second (2, 1, 7): 23; without the third (2, 5, 7): 31; without the last 13.
        var explainer = new TokenExplainer(Product(), s_configuration, null, new() { LeftOut = LeftOutToken.Removed });

        Assert.Equal([13 - 26, 13 - 23, 13 - 31, 0], explainer.Contributions(ExplanationMethod.LeaveOneOut, [2, 5, 1, 7], target: 0));
    }

    [Fact]
    public void Contributions_ZeroBaseline_ReplacesByPadding()
    {
        // Token 0 has the number 0 as well here, but the unknown token now has 10: were it the baseline, all would differ.
        var function = new ExplainedFunction(token => token, x => 2 * x[0] - x[1], x => [2, -1]);

        Assert.Equal([6, -4], new TokenExplainer(function, s_configuration, null, new() { Baseline = ExplanationBaseline.Zero }).Contributions(ExplanationMethod.LeaveOneOut, [3, 4], 0));
        Assert.Equal([2 * (3 - 10), 10 - 4], new TokenExplainer(function, s_configuration, null, new()).Contributions(ExplanationMethod.LeaveOneOut, [3, 4], 0));
    }

    [Theory]
    [InlineData(ExplanationMethod.IntegratedGradients)]
    [InlineData(ExplanationMethod.LeaveOneOut)]
    public void Contributions_LongText_IsCutIntoCallsAndTheSame(ExplanationMethod method)
    {
        double[] factors = [.. Enumerable.Range(0, 150).Select(i => Math.Sin(i))];
        var function = new ExplainedFunction(token => token == VocabularySize + 1 ? 0 : token, x => x.Zip(factors, (value, factor) => value * factor).Sum(), _ => factors);
        int[] sequence = [.. Enumerable.Range(0, 150).Select(i => 1 + i % VocabularySize)];

        float[] found = new TokenExplainer(function, s_configuration, null, new()).Contributions(method, sequence, 0);

        Assert.True(function.Calls.Count > 1);
        Assert.All(function.Calls, rows => Assert.InRange(rows * 150, 1, 2048));
        Assert.Equal(sequence.Select((token, i) => (float)(token * factors[i])), found, (left, right) => Math.Abs(left - right) < 1e-4f);
    }

    [Fact]
    public void Contributions_PretrainedSequence_LeavesClsAndSepAndTakesTheMask()
    {
        var model = new SequenceModelOptions { KeepBoundaries = true, Pooling = PoolingKind.First };
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad"];
        // The mask, key 5, has the number 0; all others their id.
        var function = new ExplainedFunction(token => token == 5 ? 0 : token, x => x.Sum(), x => [.. x.Select(_ => 1.0)]);
        var explainer = new TokenExplainer(function, new EngineConfiguration(model, vocabulary.Length + 2, 2), vocabulary, new());

        foreach (var method in Enum.GetValues<ExplanationMethod>())
            Assert.Equal([0, 6, 0, 7, 0], explainer.Contributions(method, [3, 6, 4, 7, 4], 0), (left, right) => Math.Abs(left - right) < 1e-4f);
    }

    [Theory]
    [InlineData(TruncationSide.KeepStart, false, 7, new float[] { 10, 11, 12, 0, 0, 0, 0 })]
    [InlineData(TruncationSide.KeepEnd, false, 7, new float[] { 0, 0, 0, 0, 10, 11, 12 })]
    [InlineData(TruncationSide.KeepStart, true, 7, new float[] { 10, 11, 0, 0, 0, 0, 12 })]
    [InlineData(TruncationSide.KeepStart, false, 2, new float[] { 10, 11 })]
    public void OfKeys_CutText_PutsEachWhereItStood(TruncationSide side, bool keepsBoundaries, int keys, float[] expected)
    {
        var model = new SequenceModelOptions { MaxLength = 4, Pooling = PoolingKind.Cls, Truncation = side, KeepBoundaries = keepsBoundaries };
        var explainer = new TokenExplainer(Product(), new EngineConfiguration(model, VocabularySize + 3, 2), null, new());

        Assert.Equal(expected, explainer.OfKeys(keys == 2 ? [99, 10, 11] : [99, 10, 11, 12], new int[keys]));
    }

    [Fact]
    public void Contributions_PairThatIsCut_StandWhereTheKeysStoodAndLeaveTheSeparator()
    {
        // Key 9 separates; of [1 2 3 4 5 9 6 7] five are read, and which they are depends on where the separator stands.
        var model = new SequenceModelOptions { MaxLength = 5, SeparatorKey = 9 };
        var function = new ExplainedFunction(token => token == VocabularySize + 1 ? 0 : token, x => x.Sum(), x => [.. x.Select(_ => 1.0)]);
        var explainer = new TokenExplainer(function, new EngineConfiguration(model, VocabularySize + 2, 2), null, new());
        int[] keys = [1, 2, 3, 4, 5, 9, 6, 7], sequence = new TokenMapper(model, VocabularySize).FromKeys(keys);

        float[] found = explainer.OfKeys(explainer.Contributions(ExplanationMethod.LeaveOneOut, sequence, 0), keys);

        Assert.Contains(9, sequence);
        for (int i = 0; i < keys.Length; i++) Assert.Equal(sequence.Contains(keys[i]) && keys[i] != 9 ? keys[i] : 0, found[i], 1e-4f);
    }

    public static TheoryData<PositionScheme, NormPlacement, PoolingKind, bool> Models
    {
        get
        {
            var models = new TheoryData<PositionScheme, NormPlacement, PoolingKind, bool>();
            foreach (var scheme in Enum.GetValues<PositionScheme>())
                foreach (var pooling in new[] { PoolingKind.Mean, PoolingKind.Cls, PoolingKind.Attention })
                    foreach (bool managed in new[] { true, false }) models.Add(scheme, (int)scheme % 2 == 0 ? NormPlacement.Pre : NormPlacement.Post, pooling, managed);
            return models;
        }
    }

    /// <summary>Completeness, the axiom that integrated gradients were made for, on models of both engines.</summary>
    [Theory, MemberData(nameof(Models))]
    public void IntegratedGradients_AnyModel_AddUpToTheDifferenceOfLogOdds(PositionScheme positions, NormPlacement norm, PoolingKind pooling, bool managed)
    {
        var model = new SequenceModelOptions { Positions = positions, Norm = norm, Pooling = pooling, ModelWidth = 12, Heads = 3, Layers = 2, FeedForwardWidth = 17, Activation = ActivationKind.Gelu, MaxLength = 13 };
        var configuration = new EngineConfiguration(model, 23, 5);
        var random = new Random(11);
        var weights = WeightInitializer.Create(WeightLayout.Of(model, 23, 5), seed: 3).Select(weight => weight with { Values = [.. weight.Values.Select(value => value + 0.2f * (random.NextSingle() - 0.5f))] }).ToArray();
        ISequenceScorer scorer = managed ? TestEngine.Scorer(configuration, weights, 128) : new TorchSharpScorer(configuration, weights);
        int[] sequence = pooling == PoolingKind.Cls ? [22, 3, 8, 8, 20, 1, 12] : [3, 8, 8, 20, 1, 12];

        var found = new TokenExplainer(scorer, configuration, null, new()).Explain(sequence, target: 2);

        Assert.True(Math.Abs(found.LogOdds - found.BaselineLogOdds) > 0.01, "a difference that a wrong sum would miss");
        Assert.Equal(found.LogOdds - found.BaselineLogOdds, found.IntegratedGradients.Sum(contribution => (double)contribution), 2e-3);
        if (pooling == PoolingKind.Cls) Assert.Equal(0, found.IntegratedGradients[0]);
    }

    [Fact]
    public void BaselineToken_OfAVocabulary_IsTheMaskOfAPretrainedOneAlone()
    {
        string[] words = ["[MASK]", "<unk>", "good"];
        var pretrained = new SequenceModelOptions { KeepBoundaries = true };

        Assert.Equal(1, BaselineToken.Of(ExplanationBaseline.Unknown, pretrained, 3, words));
        Assert.Equal(2, BaselineToken.Of(ExplanationBaseline.Unknown, pretrained, 3, ["x", "<unk>", "good"]));
        Assert.Equal(4, BaselineToken.Of(ExplanationBaseline.Unknown, new(), 3, words));
        Assert.Equal(4, BaselineToken.Of(ExplanationBaseline.Unknown, pretrained, 3, null));
        Assert.Equal(0, BaselineToken.Of(ExplanationBaseline.Zero, pretrained, 3, words));
    }

    [Fact]
    public void Validate_BadOptions_ListsThemAll()
    {
        var error = Assert.Throws<ArgumentException>(() => new ExplanationOptions { Steps = 0, Baseline = (ExplanationBaseline)7, LeftOut = (LeftOutToken)8 }.Validate());

        Assert.Contains("3 error(s)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Steps = 0: must be from 1 to 1000", error.Message, StringComparison.Ordinal);
    }
}
