using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class SequenceToSequenceTests
{
    private const int Sources = 7, Targets = 5;
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 3, Layers = 2, FeedForwardWidth = 7, MaxLength = 8, Dropout = 0 };

    public static TheoryData<PositionScheme> Schemes => [.. Enum.GetValues<PositionScheme>()];

    [Fact]
    [HandSolved(typeof(SequenceToSequence))]
    public void Forward_ZeroedLayers_IsTheHeadOfTheNormedEmbedding()
    {
        using var scope = NewDisposeScope();
        var options = new SequenceModelOptions { ModelWidth = 4, Heads = 1, Layers = 1, Positions = PositionScheme.None, Dropout = 0 };
        using var model = new SequenceToSequence(options, options, sourceVocabulary: 2, targetVocabulary: 2).WithNumbers(scale: 0);
        var values = new Dictionary<string, float[]>
        {
            ["target_embedding.weight"] = [.. Enumerable.Repeat(0f, 16), 1, 2, 3, 4],          // of the start token, 4
            ["decoder.norm.weight"] = [1, 1, 1, 1],
            ["head.weight"] = [1, 0, 0, 0, 0, 0, 0, 2],
            ["head.bias"] = [0, 1],
        };
        ModuleWeights.Set(model, [.. ModuleWeights.Get(model).Select(weight => values.TryGetValue(weight.Name, out var given) ? weight with { Values = given } : weight)]);

        // sqrt(4) * [1,2,3,4]: mean 5, variance 5
        var logits = model.call(tensor(new long[,] { { 1 } }), LayerChecks.Mask(1, 1), tensor(new long[,] { { model.StartToken } }));

        LayerChecks.AssertClose([-3 / Math.Sqrt(5 + 1e-5), 2 * 3 / Math.Sqrt(5 + 1e-5) + 1], logits);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Logits_TokenByToken_EqualTeacherForcing(PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = Model(_options with { Positions = scheme });
        var (source, mask, target) = (Source(), LayerChecks.Mask(6, 6, 3), Target(model));
        var atOnce = model.call(source, mask, target);

        var memory = model.Encode(source, mask);
        for (var length = 1; length <= target.shape[1]; length++)
            LayerChecks.AssertClose(atOnce.select(1, length - 1), model.Logits(memory, mask, target.narrow(1, 0, length)).select(1, -1), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Forward_LaterTargetChanged_ChangesNoEarlierLogits(PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = Model(_options with { Positions = scheme });
        var (source, mask, target) = (Source(), LayerChecks.Mask(6, 6, 3), Target(model));
        var changed = cat([target.narrow(1, 0, 2), target.narrow(1, 2, 2).remainder(3).add(1)], 1);

        var change = (model.call(source, mask, target) - model.call(source, mask, changed)).abs();

        Assert.Equal(0, change.narrow(1, 0, 2).max().item<float>());
        Assert.True(change.narrow(1, 2, 2).max().item<float>() > 1e-4);
    }

    [Fact]
    public void Forward_SourceReordered_IsSeenUnlessThereAreNoPositions()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Assert.True(Change(PositionScheme.None) < 1e-5);
        Assert.True(Change(PositionScheme.Sinusoidal) > 1e-3);

        float Change(PositionScheme scheme)
        {
            using var model = Model(_options with { Positions = scheme });
            var (source, mask, target) = (Source(), LayerChecks.Mask(6, 6, 6), Target(model));
            return (model.call(source, mask, target) - model.call(source.flip(1), mask, target)).abs().max().item<float>();
        }
    }

    [Fact]
    public void CrossAttentionWeights_Padding_HasNone()
    {
        using var scope = NewDisposeScope();
        using var model = Model(_options);

        var weights = model.CrossAttentionWeights(Source(), LayerChecks.Mask(6, 6, 3), Target(model));

        Assert.Equal(2, weights.Count);
        Assert.All(weights, layer => Assert.Equal([2L, 3, 4, 6], layer.shape));
        Assert.All(weights, layer => LayerChecks.AssertClose(ones(2, 3, 4), layer.sum(3)));
        Assert.All(weights, layer => Assert.Equal(0, layer[1].narrow(2, 3, 3).abs().sum().item<float>()));
    }

    [Fact]
    public void Create_ImpossibleHalves_ListsAllErrors()
    {
        var message = LayerChecks.Error(() => new SequenceToSequence(
            _options with { Pooling = PoolingKind.Max, TokenTypes = 2 },
            _options with { ModelWidth = 9, Algorithm = AttentionAlgorithm.Linear, GradientCheckpointing = true, Head = HeadKind.Tanh },
            3, 3));

        Assert.StartsWith("An encoder-decoder has 6 error(s): ", message, StringComparison.Ordinal);
        foreach (var name in new[] { "encoder.Pooling = Max", "encoder.TokenTypes = 2", "decoder.Head = Tanh", "decoder.ModelWidth = 9", "decoder.Algorithm = Linear", "decoder.GradientCheckpointing = True" })
            Assert.Contains(name + ":", message, StringComparison.Ordinal);
    }

    internal static SequenceToSequence Model(SequenceModelOptions options) => new SequenceToSequence(options, options, Sources, Targets).Evaluating();

    private static Tensor Source() => tensor(new long[,] { { 3, 1, 4, 1, 5, 6 }, { 2, 7, 8, 1, 1, 1 } });

    private static Tensor Target(SequenceToSequence model) => tensor(new long[,] { { model.StartToken, 1, 2, 3 }, { model.StartToken, 4, 4, 1 } });
}

internal static class EvaluatingModels
{
    /// <summary>The model with numbers in place of its initial weights, in evaluation mode.</summary>
    public static SequenceToSequence Evaluating(this SequenceToSequence model)
    {
        model.WithNumbers().eval();
        return model;
    }
}
