using MlAttention.Core.Engines;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Weights;

public class WeightLayoutTests
{
    private static readonly SequenceModelOptions _bert = new()
    {
        ModelWidth = 6, Heads = 2, FeedForwardWidth = 8, Layers = 2, MaxLength = 10, Norm = NormPlacement.Post, Positions = PositionScheme.Learned,
        PositionDetails = new() { LearnedOffset = 2, LearnedRows = 15 }, ScaleEmbeddings = false, EmbeddingNorm = true, TokenTypes = 2, Head = HeadKind.Tanh,
    };

    [Fact]
    public void Of_Bert_HasItsEmbeddingsAndItsHead()
    {
        var shapes = WeightLayout.Of(_bert, 30, 4).ToDictionary(weight => weight.Name, weight => string.Join(',', weight.Shape));

        Assert.Equal("30,6", shapes["embedding.weight"]);
        Assert.Equal("15,6", shapes["positions.weight"]);
        Assert.Equal("2,6", shapes["token_types.weight"]);
        Assert.Equal("6", shapes["embedding_norm.weight"]);
        Assert.Equal("6", shapes["embedding_norm.bias"]);
        Assert.Equal("6,6", shapes["head.dense.weight"]);
        Assert.Equal("6", shapes["head.dense.bias"]);
        Assert.Equal("4,6", shapes["head.weight"]);
        Assert.Equal("4", shapes["head.bias"]);
        Assert.Equal("12,6", WeightLayout.Of(_bert with { PositionDetails = new() { LearnedOffset = 2 } }, 30, 4).Single(weight => weight.Name == "positions.weight") is { } positions ? string.Join(',', positions.Shape) : "");
    }

    [Fact]
    public void Of_TiedHeads_HaveABiasForEachTokenAndNoMatrixOfTheirOwn()
    {
        var model = _bert with { Task = TaskKind.MaskedTokens, Head = HeadKind.TiedTransform };
        var shapes = WeightLayout.Of(model, 30, 28).Where(weight => weight.IsHead).Select(weight => $"{weight.Name} {string.Join(',', weight.Shape)} {weight.Decays}");
        Assert.Equal(["head.dense.weight 6,6 True", "head.dense.bias 6 False", "head.norm.weight 6 False", "head.norm.bias 6 False", "head.bias 28 False"], shapes);
        Assert.Equal(["head.bias"], WeightLayout.Of(model with { Head = HeadKind.Tied }, 30, 28).Where(weight => weight.IsHead).Select(weight => weight.Name));
        Assert.DoesNotContain(WeightLayout.Of(model, 30, 0), weight => weight.IsHead);
        Assert.Equal(1 / Math.Sqrt(6), WeightLayout.Of(model, 30, 28)[0].Init.Scale, 12);
        Assert.Equal(1, WeightLayout.Of(_bert, 30, 4)[0].Init.Scale, 12);
        Assert.Contains("28 with 30 rows of the embedding", Assert.Throws<ArgumentException>(() => WeightLayout.Of(model, 30, 29)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoClasses_HasNoHead()
    {
        var encoder = WeightLayout.Of(_bert, 30, 0);

        Assert.DoesNotContain(encoder, weight => weight.IsHead || weight.Name.StartsWith("head", StringComparison.Ordinal));
        Assert.Equal(WeightLayout.Of(_bert, 30, 4).Count - 4, encoder.Count);
    }

    [Fact]
    public void Depth_OfEachWeight_IsItsPlaceInTheModel()
    {
        foreach (var weight in WeightLayout.Of(_bert with { Norm = NormPlacement.Pre, Pooling = PoolingKind.Attention }, 30, 4))
        {
            string[] parts = weight.Name.Split('.');
            int expected = parts[0] switch { "encoder" => parts[1] == "layers" ? parts[2] == "0" ? 1 : 2 : 3, "head" or "pooling" => 3, _ => 0 };
            Assert.Equal((weight.Name, expected, parts[0] == "head"), (weight.Name, weight.Depth, weight.IsHead));
        }
    }

    [Fact]
    public void IsFrozen_LayersAndEmbeddings_AreThoseOfTheOptions()
    {
        var configuration = new EngineConfiguration(_bert, 30, 4);
        string[] Frozen(EngineConfiguration one) => [.. WeightLayout.Of(_bert, 30, 4).Where(one.IsFrozen).Select(weight => weight.Name)];

        Assert.Empty(Frozen(configuration));
        Assert.Equal(["embedding.weight"], Frozen(configuration with { FreezeEmbeddings = true }));
        string[] one = Frozen(configuration with { FrozenLayers = 1 });
        Assert.Equal(5 + 12, one.Length);
        Assert.Contains("encoder.layers.0.norm2.bias", one);
        Assert.DoesNotContain("encoder.layers.1.norm2.bias", one);
        Assert.Equal(5 + 24, Frozen(configuration with { FrozenLayers = 2 }).Length);
    }

    [Fact]
    public void Create_Bert_StartsWithUnitTokensNoTypesAndALinearHead()
    {
        var weights = WeightInitializer.Create(WeightLayout.Of(_bert, 300, 4), seed: 3).ToDictionary(weight => weight.Name, weight => weight.Values);

        Assert.Equal(1, weights["embedding.weight"].Average(value => value * value), 0.1);
        Assert.All(weights["token_types.weight"], value => Assert.Equal(0, value));
        Assert.All(weights["embedding_norm.weight"], value => Assert.Equal(1, value));
        Assert.All(weights["embedding_norm.bias"], value => Assert.Equal(0, value));
        double bound = 1 / Math.Sqrt(6);
        Assert.All(weights["head.dense.weight"], value => Assert.InRange(value, -bound, bound));
        Assert.Contains(weights["head.dense.weight"], value => Math.Abs(value) > 0.6 * bound);
        Assert.Contains(WeightLayout.Of(_bert, 300, 4), weight => weight.Name == "head.dense.weight" && weight.Decays);
        Assert.DoesNotContain(WeightLayout.Of(_bert, 300, 4), weight => weight.Depth == 0 && weight.Decays);
    }
}
