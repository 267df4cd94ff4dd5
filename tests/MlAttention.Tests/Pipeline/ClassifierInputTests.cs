using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline;

/// <summary>What the classifier takes: seeds, keys of other kinds, groups, and what it refuses before it trains.</summary>
public class ClassifierInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class KeyRow
    {
        [KeyType(9), VectorType(5)]
        public uint[] Tokens { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class ByteKeyRow
    {
        [KeyType(9)]
        public byte[] Tokens { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class WideKeyRow
    {
        [KeyType(400_000_000)]
        public uint[] Tokens { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class DatedRow
    {
        public string Text { get; set; } = "";

        public DateTime Label { get; set; }
    }

    private sealed class GroupedRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public string Group { get; set; } = "";

        public float Number { get; set; }
    }

    [Fact]
    public void Fit_SeedOfTheContext_DecidesTheWeights()
    {
        static float[] Weights(MLContext ml, int? seed)
        {
            var options = TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Seed = seed } };
            return TinyTexts.Preparation(ml).Append(ml.Attention().Classifier(options)).Fit(TinyTexts.Data(ml, 53)).LastTransformer.Model.Weights[0].Values;
        }

        var first = Weights(new MLContext(seed: 1), null);

        Assert.Equal(first, Weights(new MLContext(seed: 1), null));
        Assert.NotEqual(first, Weights(new MLContext(seed: 2), null));
        Assert.NotEqual(Weights(new MLContext(), null), Weights(new MLContext(), null));
        Assert.Equal(Weights(new MLContext(), 5), Weights(new MLContext(), 5));
        Assert.NotEqual(Weights(new MLContext(), 5), Weights(new MLContext(), 6));
    }

    [Fact]
    public void Fit_OneEstimatorTwice_GivesTheSameWeights()
    {
        var data = TinyTexts.Preparation(_ml).Fit(TinyTexts.Data(_ml, 53)).Transform(TinyTexts.Data(_ml, 53));
        var classifier = new MLContext().Attention().Classifier(TinyTexts.Classifier);

        Assert.Equal(classifier.Fit(data).Model.Weights[0].Values, classifier.Fit(data).Model.Weights[0].Values);
    }

    [Fact]
    public void Layers_SeedOfTheContext_DecidesTheWeights()
    {
        static float[] First(MLContext ml, IEstimator<ITransformer> layers)
        {
            var data = TinyTexts.Data(ml, 5);
            return layers.Fit(data).Transform(data).GetColumn<float[]>("Attended").First();
        }

        static IEstimator<ITransformer> Layers(MLContext ml) => ml.Attention().TokenizeSequence("Tokens", "Text")
            .Append(ml.Attention().EmbedTokens("Embeddings", "Tokens", width: 4, seed: 1)).Append(ml.Attention().SelfAttention("Attended", "Embeddings", heads: 2));

        MLContext one = new(seed: 1), again = new(seed: 1), two = new(seed: 2);
        var expected = First(one, Layers(one));

        Assert.Equal(expected, First(again, Layers(again)));
        Assert.NotEqual(expected, First(two, Layers(two)));
    }

    [Fact]
    public void Fit_KeysOfFixedLength_TakesZerosAtTheEndForPadding()
    {
        var classifier = _ml.Attention().Classifier(TinyTexts.Classifier);
        KeyRow[] rows = [.. Enumerable.Range(0, 40).Select(row => new KeyRow { Tokens = [(uint)(row % 9) + 1, 2, 0, 0, 0], Label = (uint)row % 3 })];
        var padded = _ml.Data.LoadFromEnumerable(rows);
        var model = classifier.Fit(padded);

        var scores = model.Transform(padded).GetColumn<float[]>("Score").ToArray();
        var schema = SchemaDefinition.Create(typeof(KeyRow));
        schema["Tokens"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), 9));
        var variable = _ml.Data.LoadFromEnumerable(rows.Select(row => new KeyRow { Tokens = row.Tokens[..2], Label = row.Label }), schema);

        Assert.Equal(9, model.Model.VocabularySize);
        Assert.Equal(model.Transform(variable).GetColumn<float[]>("Score").ToArray(), scores);
    }

    [Fact]
    public void Fit_KeysOfBytes_Works()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(row => new ByteKeyRow { Tokens = [(byte)(row % 9 + 1)], Label = (uint)row % 3 }));

        Assert.Equal(9, _ml.Attention().Classifier(TinyTexts.Classifier).Fit(data).Model.VocabularySize);
    }

    [Fact]
    public void Fit_VocabularyTimesWidthTooLarge_SaysSoBeforeReading()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new WideKeyRow { Tokens = [1], Label = 1 } });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Attention().Classifier(TinyTexts.Classifier).Fit(data));
        var layerError = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Attention().EmbedTokens("Embeddings", "Tokens").Fit(data));

        Assert.Contains("400000000 vectors of width 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("400000000 vectors of width 64", layerError.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LabelOfDates_IsRefusedBeforeTraining()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(row => new DatedRow { Text = "a b", Label = new DateTime(2020, 1, row % 2 + 1) }));
        var pipeline = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(data));

        Assert.Contains("label column 'Label': expected keys that stand for texts, numbers or Booleans, got keys that stand for DateTime", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Group")]
    [InlineData("Number")]
    [InlineData("GroupKey")]
    public void Fit_SamplingKey_KeepsGroupsTogetherInValidation(string column)
    {
        // Each text is in its group under every label, so a model that has learned the text by heart fails on its twins.
        var random = new Random(4);
        var rows = Enumerable.Range(0, 60).SelectMany(group => TinyTexts.Labels.Select(label => new GroupedRow
        {
            Text = $"only{group}",
            Label = TinyTexts.Labels[group % 3],
            Group = $"g{group}",
            Number = group,
        })).OrderBy(_ => random.Next());
        var data = _ml.Data.LoadFromEnumerable(rows);
        float Validated(string? samplingKey)
        {
            var training = TinyTexts.Classifier.Training with { Epochs = 12, ValidationFraction = 0.3, Optimizer = new() { LearningRate = 0.03 } };
            var pipeline = _ml.Transforms.Conversion.MapValueToKey("GroupKey", "Group").Append(TinyTexts.Preparation(_ml))
                .Append(_ml.Attention().Classifier(TinyTexts.Classifier with { SamplingKeyColumnName = samplingKey, Training = training }));
            return (float)pipeline.Fit(data).LastTransformer.Model.History.Max(epoch => epoch.ValidationAccuracy)!;
        }

        Assert.True(Validated(null) > 0.9, "twins in training give the held-out rows away");
        Assert.True(Validated(column) < 0.7, "held-out groups have words that training never saw");
    }

    [Fact]
    public void Fit_SamplingKeyOfAnotherType_NamesIt()
    {
        var prepared = TinyTexts.Preparation(_ml).Fit(TinyTexts.Data(_ml, 5)).Transform(TinyTexts.Data(_ml, 5));
        var classifier = _ml.Attention().Classifier(TinyTexts.Classifier with { SamplingKeyColumnName = "Tokens" });

        Assert.Contains("Schema mismatch for sampling key column 'Tokens': expected String, Key or Single",
            Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Fit(prepared)).Message, StringComparison.Ordinal);
    }
}
