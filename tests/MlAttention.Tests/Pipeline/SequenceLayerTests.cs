using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Weights;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

public class SequenceLayerTests
{
    private readonly MLContext _ml = new(seed: 1);

    private AttentionCatalog Attention => _ml.Attention();

    [Fact]
    public void EmbedTokens_Key_IsItsRowTimesTheRootOfTheWidth()
    {
        var path = WriteWeights(new WeightTensor("embedding.weight", [4, 4], [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0.5f, 0, 0, 0]));
        var pipeline = Attention.TokenizeSequence("Tokens", "Text").Append(Attention.EmbedTokens(new EmbedTokensOptions { Width = 4, WeightsPath = path }));

        var data = Texts("a a b");
        var vectors = pipeline.Fit(data).Transform(Texts("b zzz", "")).GetColumn<float[]>("Embeddings").ToArray();

        Assert.Equal([10, 12, 14, 16, 1, 0, 0, 0], vectors[0]);
        Assert.Empty(vectors[1]);
    }

    [Fact]
    public void AddPositions_Sinusoidal_AddsSinesAndCosines()
    {
        var path = WriteWeights(new WeightTensor("embedding.weight", [3, 2], new float[6]));
        var pipeline = Attention.TokenizeSequence("Tokens", "Text").Append(Attention.EmbedTokens(new EmbedTokensOptions { Width = 2, WeightsPath = path }))
            .Append(Attention.AddPositions("Positioned", "Embeddings"));
        var data = Texts("a a a");

        var positions = pipeline.Fit(data).Transform(data).GetColumn<float[]>("Positioned").Single();

        Assert.Equal([MathF.Sin(0), MathF.Cos(0), MathF.Sin(1), MathF.Cos(1), MathF.Sin(2), MathF.Cos(2)], positions.Select(value => MathF.Round(value, 6)), new Close());
    }

    [Theory]
    [InlineData(PoolingKind.Mean, 2)]
    [InlineData(PoolingKind.Max, 4)]
    [InlineData(PoolingKind.Cls, 1)]
    [InlineData(PoolingKind.First, 1)]
    [InlineData(PoolingKind.Last, 4)]
    [InlineData(PoolingKind.Attention, 2)]
    public void PoolSequence_EachKind_GivesItsVectorWhateverTheBatch(PoolingKind pooling, float expected)
    {
        var path = WriteWeights(new WeightTensor("embedding.weight", [5, 1], [0, 1, 4, 1, 0]));
        var pipeline = Attention.TokenizeSequence("Tokens", "Text").Append(Attention.EmbedTokens(new EmbedTokensOptions { Width = 1, WeightsPath = path }))
            .Append(Attention.PoolSequence("Features", "Embeddings", pooling));
        var data = Texts("a a a b c b c", "a c b");

        var features = pipeline.Fit(data).Transform(Texts("a a a a a a a", "a c b", "")).GetColumn<float[]>("Features").ToArray();

        Assert.Equal(1, features[0].Single(), 5);
        Assert.Equal(expected, features[1].Single(), 5);
        Assert.Equal(0, features[2].Single());
    }

    [Fact]
    public void SelfAttention_NextToLongerRows_IsTheSameAsAlone()
    {
        var model = Layers(Attention.SelfAttention("Attended", "Embeddings", heads: 2)).Fit(Texts("a b c d e"));

        var alone = model.Transform(Texts("a b")).GetColumn<float[]>("Attended").Single();
        var together = model.Transform(Texts("a b", "e d c b a")).GetColumn<float[]>("Attended").First();

        Assert.Equal(alone, together, new Close());
    }

    [Fact]
    public void SelfAttention_EachOption_ChangesTheOutput()
    {
        var data = Texts("a b c d e");
        float[] Output(SelfAttentionOptions options) => Layers(Attention.SelfAttention(options)).Fit(data).Transform(data).GetColumn<float[]>("Attended").Single();
        var plain = new SelfAttentionOptions { Heads = 2, Seed = 1 };
        var expected = Output(plain);

        Assert.Equal(expected, Output(plain));
        Assert.NotEqual(expected, Output(plain with { Heads = 3 }));
        Assert.NotEqual(expected, Output(plain with { Mask = MaskKind.Causal }));
        Assert.NotEqual(expected, Output(plain with { Mask = MaskKind.LocalWindow, WindowRadius = 1 }));
        Assert.NotEqual(expected, Output(plain with { Score = ScoreFunction.Dot }));
        Assert.NotEqual(expected, Output(plain with { Temperature = 0.3 }));
        Assert.NotEqual(expected, Output(plain with { Algorithm = AttentionAlgorithm.Linear }));
        Assert.NotEqual(Output(plain with { Score = ScoreFunction.Additive }), Output(plain with { Score = ScoreFunction.Additive, AdditiveWidth = 5 }));
        var performer = plain with { Algorithm = AttentionAlgorithm.Performer, RandomFeatures = 8 };
        Assert.NotEqual(Output(performer), Output(performer with { RandomFeatures = 9 }));
        Assert.NotEqual(Output(performer), Output(performer with { OrthogonalFeatures = false }));
        Assert.NotEqual(Output(performer), Output(performer with { RandomSeed = 2 }));
        Assert.Equal(3, (plain with { BlockSize = 3 }).AttentionOf(6).BlockSize);
        Assert.NotEqual(expected, Output(plain with { Residual = false }));
        Assert.NotEqual(expected, Output(plain with { Seed = 2 }));
    }

    [Theory]
    [InlineData(PositionScheme.Rotary)]
    [InlineData(PositionScheme.Alibi)]
    [InlineData(PositionScheme.ShawRelative)]
    public void SelfAttention_PositionsInsideAttention_ChangeTheOutput(PositionScheme positions)
    {
        var data = Texts("a b c d e");
        float[] Output(SelfAttentionOptions options) => Layers(Attention.SelfAttention(options)).Fit(data).Transform(data).GetColumn<float[]>("Attended").Single();

        Assert.NotEqual(Output(new SelfAttentionOptions { Heads = 3, Seed = 1 }), Output(new SelfAttentionOptions { Heads = 3, Seed = 1, Positions = positions }));
    }

    [Theory]
    [InlineData(ScoreFunction.Additive, PositionScheme.None, null)]
    [InlineData(ScoreFunction.Additive, PositionScheme.None, 5)]
    [InlineData(ScoreFunction.ScaledDotProduct, PositionScheme.ShawRelative, null)]
    public void SaveAndLoad_SelfAttentionWithMoreWeights_KeepsThem(ScoreFunction score, PositionScheme positions, int? additiveWidth)
    {
        var data = Texts("a b c d e");
        var model = Layers(Attention.SelfAttention(new SelfAttentionOptions { Heads = 3, Score = score, AdditiveWidth = additiveWidth, Positions = positions })).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        Assert.Equal(Snapshot.Of(model.Transform(data), "Attended"), Snapshot.Of(_ml.Model.LoadAttention(stream, out _).Transform(data), "Attended"));
    }

    [Fact]
    public void Layers_OfOneSeed_AreTheStartOfAClassifier()
    {
        var weights = Layers(Attention.SelfAttention("Attended", "Embeddings", heads: 2)).Fit(Texts("a b"));
        var initial = WeightInitializer.Create([WeightLayout.Embedding(4, 6)], seed: 1)[0];

        var embedded = weights.Transform(Texts("a")).GetColumn<float[]>("Embeddings").Single();

        Assert.Equal(initial.Values[6..12].Select(value => value * MathF.Sqrt(6)), embedded, new Close());
    }

    [Fact]
    public void EncodeSequence_TimesTheHead_GivesTheClassifiersScores()
    {
        var data = TinyTexts.Data(_ml, 53);
        var model = TinyTexts.Preparation(_ml).Append(Attention.Classifier(TinyTexts.Classifier)).Fit(data);
        var classifier = model.LastTransformer;
        var scored = model.Transform(data);
        var encoded = Attention.EncodeSequence(classifier).Fit(scored).Transform(scored);

        var head = classifier.Model.Weights.Single(weight => weight.Name == "head.weight").Values;
        var bias = classifier.Model.Weights.Single(weight => weight.Name == "head.bias").Values;
        foreach (var (features, score) in encoded.GetColumn<float[]>("Features").Zip(scored.GetColumn<float[]>("Score")))
        {
            var logits = Enumerable.Range(0, 3).Select(c => bias[c] + Enumerable.Range(0, 8).Sum(d => head[c * 8 + d] * features[d])).ToArray();
            Assert.Equal(MathF.Log(score[0] / score[1]), logits[0] - logits[1], 1e-3f);
        }
    }

    [Fact]
    public void AttentionWeights_EachQuery_SumsToOne()
    {
        var data = TinyTexts.Data(_ml, 29);
        var model = TinyTexts.Preparation(_ml).Append(Attention.Classifier(TinyTexts.Classifier)).Fit(data);
        var scored = model.Transform(data);
        var view = Attention.AttentionWeights(model.LastTransformer).Fit(scored).Transform(scored);

        Assert.Equal("2,0,0", string.Join(',', ((VectorDataViewType)view.Schema["AttentionWeights"].Type).Dimensions));
        foreach (var (weights, tokens) in view.GetColumn<float[]>("AttentionWeights").Zip(view.GetColumn<uint[]>("Tokens")))
        {
            Assert.Equal(2 * tokens.Length * tokens.Length, weights.Length);
            foreach (var row in weights.Chunk(tokens.Length)) Assert.Equal(1, row.Sum(), 4);
        }
    }

    [Fact]
    public void AttentionWeights_OfALayer_AreThoseOfItsHeads()
    {
        var data = TinyTexts.Data(_ml, 29);
        var model = TinyTexts.Preparation(_ml).Append(Attention.Classifier(TinyTexts.Classifier)).Fit(data);
        var scored = model.Transform(data);
        var view = Attention.AttentionWeights(model.LastTransformer).Fit(scored).Transform(scored);
        var vocabulary = scored.Schema["Tokens"].KeyTexts();

        foreach (var (weights, tokens) in view.GetColumn<float[]>("AttentionWeights").Zip(view.GetColumn<uint[]>("Tokens")))
        {
            var heads = AttentionReader.Read(model.LastTransformer.Model, [.. tokens.Select(token => token == 0 ? vocabulary.Count + 1 : (int)token)], vocabulary).Heads.Where(head => head.Layer == 0).ToArray();
            Assert.Equal(2, heads.Length);
            var expected = heads.SelectMany(head => head.Weights).ToArray();
            for (var i = 0; i < weights.Length; i++) Assert.Equal(expected[i], weights[i], 1e-4);
        }
    }

    [Fact]
    public void Fit_WrongInput_NamesColumnAndWidth()
    {
        var data = Texts("a b");
        Assert.Contains("Schema mismatch for input column 'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => Attention.SelfAttention("Attended", "Text").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("must be a multiple of Heads", Assert.Throws<ArgumentException>(() => Layers(Attention.SelfAttention("Attended", "Embeddings", heads: 4)).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("SelfAttentionOptions.Positions", Assert.Throws<ArgumentException>(() => Attention.AddPositions("Positioned", "Embeddings", PositionScheme.Rotary)).Message, StringComparison.Ordinal);
        Assert.Contains("is learned by a classifier and zero before", Assert.Throws<ArgumentException>(() => Attention.SelfAttention(new SelfAttentionOptions { Positions = PositionScheme.RelativeBias })).Message, StringComparison.Ordinal);
        var path = WriteWeights(new WeightTensor("other", [1], [0]));
        Assert.Contains("has no weight 'embedding.weight'; it has 'other'", Assert.Throws<InvalidDataException>(() => Attention.TokenizeSequence("Tokens", "Text").Append(Attention.EmbedTokens(new EmbedTokensOptions { WeightsPath = path })).Fit(data)).Message, StringComparison.Ordinal);
    }

    private sealed class Close : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => MathF.Abs(x - y) < 1e-5f;

        public int GetHashCode(float obj) => 0;
    }

    private EstimatorChain<ITransformer> Layers(IEstimator<ITransformer> last) =>
        Attention.TokenizeSequence("Tokens", "Text").Append(Attention.EmbedTokens("Embeddings", "Tokens", width: 6, seed: 1)).Append(last);

    private IDataView Texts(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new TinyTexts.Row { Text = text }));

    private static string WriteWeights(params WeightTensor[] weights)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("mlattention-").FullName, "weights.safetensors");
        SafetensorsFile.Write(path, weights);
        return path;
    }
}
