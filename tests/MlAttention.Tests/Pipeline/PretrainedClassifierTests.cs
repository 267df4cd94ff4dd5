using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

public class PretrainedClassifierTests
{
    /// <summary>More texts than one batch of a cursor has; long ones, odd ones and an empty one among them.</summary>
    private static readonly string[] s_texts =
    [
        .. TinyTexts.Rows(150, seed: 3).Select(row => row.Text), "", "zebra", "Bark, BARK & Caf\u00e9!", string.Join(' ', Enumerable.Repeat("flies night", 20)),
    ];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    public PretrainedClassifierTests() => _ml.Log += (_, logged) =>
    {
        lock (_log) _log.Add(logged.RawMessage);
    };

    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Fit_BeforeTrainingChangesAnything_HasTheEncodersWeights(EngineKind engine)
    {
        var options = TinyEncoder.Untrained(TinyEncoder.Shared);
        options = options with { Training = options.Training with { Compute = new() { Engine = engine, Threads = 1 } } };

        var model = Fit(options);

        Assert.All(TinyEncoder.Shared.Weights, weight => Assert.Equal(weight.Values, Weight(model, weight.Name)));
        Assert.Equal([3, 8], model.Weights.Single(weight => weight.Name == "head.weight").Shape);
        Assert.Contains(_log, line => line.Contains("weights of the encoder 'tiny' (bert); the head starts from the seed.", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ATask_IsLearned()
    {
        var options = TinyEncoder.Options();
        var model = Pipeline(options with { Training = options.Training with { Epochs = 12, Optimizer = options.Training.Optimizer with { LearningRate = 0.01 } } }).Fit(TinyTexts.Data(_ml, 331));

        var accuracy = _ml.MulticlassClassification.Evaluate(model.Transform(TinyTexts.Data(_ml, 97, seed: 11))).MicroAccuracy;

        Assert.InRange(accuracy, 0.8, 1);
    }

    [Fact]
    public void Fit_LabelsOfTheEncodersHead_TakesItsRowsByName()
    {
        var encoder = TinyEncoder.Classifier("owl", "dog", "cat");

        var model = Fit(TinyEncoder.Untrained(encoder));

        var labels = model.Labels!.Formatted;
        Assert.NotEqual(encoder.Labels, labels);                // another order, of the data's first rows
        var (given, bias) = (encoder.HeadWeights.Single(weight => weight.Name == "head.weight").Values, encoder.HeadWeights.Single(weight => weight.Name == "head.bias").Values);
        for (var row = 0; row < 3; row++)
        {
            var place = encoder.Labels.ToList().IndexOf(labels[row]);
            Assert.Equal(given[(place * 8)..(place * 8 + 8)], Weight(model, "head.weight")[(row * 8)..(row * 8 + 8)]);
            Assert.Equal(bias[place], Weight(model, "head.bias")[row]);
        }
        Assert.Equal(encoder.HeadWeights.Single(weight => weight.Name == "head.dense.weight").Values, Weight(model, "head.dense.weight"));
        Assert.Contains(_log, line => line.EndsWith("and its head: its 3 labels are those of the data.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1 labels taken over, 2 new, 2 dropped.", "owl", "hen", "cow")]
    [InlineData("3 labels taken over, 0 new, 1 dropped.", "owl", "dog", "cat", "cow")]
    public void Fit_SomeOfTheHeadsLabels_TakesTheirRowsByName(string expected, params string[] known)
    {
        var encoder = TinyEncoder.Classifier(known);
        float[] given = encoder.HeadWeights.Single(weight => weight.Name == "head.weight").Values;

        var model = Fit(TinyEncoder.Untrained(encoder));

        var labels = model.Labels!.Formatted;
        foreach (var label in labels)
        {
            var (row, place) = (labels.ToList().IndexOf(label), Array.IndexOf(known, label));
            var trained = Weight(model, "head.weight")[(row * 8)..(row * 8 + 8)];
            if (place >= 0) Assert.Equal(given[(place * 8)..(place * 8 + 8)], trained);
            else Assert.DoesNotContain(Enumerable.Range(0, known.Length), other => given.AsSpan(other * 8, 8).SequenceEqual(trained));
        }
        Assert.Equal(encoder.HeadWeights.Single(weight => weight.Name == "head.dense.weight").Values, Weight(model, "head.dense.weight"));
        Assert.Contains(_log, line => line.EndsWith($"and its head: {expected}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hen", "pig", "cow")]
    [InlineData("LABEL_0", "LABEL_1")]
    public void Fit_NoneOfTheHeadsLabels_StartsTheHeadAnewAndSaysWhy(params string[] labels)
    {
        var encoder = TinyEncoder.Classifier(labels);

        var model = Fit(TinyEncoder.Untrained(encoder));

        Assert.NotEqual(encoder.HeadWeights.Single(weight => weight.Name == "head.dense.weight").Values, Weight(model, "head.dense.weight"));
        Assert.Contains(_log, line => line.Contains($"the head starts from the seed, because none of the encoder's labels ({string.Join(", ", labels.Select(label => $"'{label}'"))}) is one of the data's", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_AnotherPoolingThanTheHeads_StartsTheHeadAnewAndSaysWhy()
    {
        Fit(TinyEncoder.Untrained(TinyEncoder.Classifier("owl", "dog", "cat")) with { Pooling = PoolingKind.Mean });

        Assert.Contains(_log, line => line.Contains("because it is Tanh over Mean, and the encoder's is Tanh over First.", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_TokensOfAnotherTokenizer_SaysWhatMakesThem()
    {
        var pipeline = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyEncoder.Options()));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(TinyTexts.Data(_ml, 53)));

        Assert.Contains("Schema mismatch for tokens column 'Tokens': expected the tokens of the pretrained encoder 'tiny', got others: it has 9 keys; the encoder has 67 tokens.", error.Message, StringComparison.Ordinal);
        Assert.Contains("attention.TokenizeSequence(\"Tokens\", \"Text\", encoder)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classifier_OptionsThatTheWeightsAreNotMadeFor_AreRefusedTogether()
    {
        var options = TinyEncoder.Options() with { Layers = 1, EmbeddingNorm = false, Pooling = PoolingKind.Cls };

        var error = Assert.Throws<ArgumentException>(() => _ml.Attention().Classifier(options with { Training = options.Training with { RareTokenDropout = 0.25 } }));

        Assert.Contains("has 4 error(s)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Layers = 1: must be 2, as the weights of the pretrained encoder 'tiny' need.", error.Message, StringComparison.Ordinal);
        Assert.Contains("RareTokenDropout = 0.25: must be 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PretrainedClassifier_OptionsWithoutAnEncoder_AreRefused() =>
        Assert.Contains("new AttentionClassifierOptions(encoder)", Assert.Throws<ArgumentException>(() => _ml.Attention().PretrainedClassifier(TinyTexts.Classifier)).Message, StringComparison.Ordinal);

    [Fact]
    public void PretrainedClassifier_Defaults_AreThoseOfFineTuning()
    {
        var long1 = TinyEncoder.Of("long", TinyEncoder.Architecture with { MaxLength = 512, PositionDetails = new() { LearnedRows = 512 } });

        var options = new AttentionClassifierOptions(long1);

        Assert.Equal((128, 13), (options.MaxLength, new AttentionClassifierOptions(TinyEncoder.Shared).MaxLength));
        Assert.Equal(TrainingOptions.FineTuning, options.Training);
        Assert.Same(long1, options.Pretrained);
    }

    /// <summary>Rows of one view in batches, one row at a time, in parallel, loaded again, without ML.NET: one model, the same bits.</summary>
    [Fact]
    public void Scores_OfAFineTunedModel_AreTheSameEverywhere()
    {
        using var folder = new TemporaryFolder();
        var data = TinyTexts.Data(_ml, 53);
        var model = Pipeline(TinyEncoder.Options()).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        var texts = _ml.Data.LoadFromEnumerable(s_texts.Select(text => new TinyTexts.Row { Text = text, Label = "dog" }));

        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors"));
        var loaded = new MLContext().Model.LoadAttention(folder.File("model.zip"), out _);
        new MLContext().Model.SaveTextClassifier(loaded, folder.File("again.safetensors"));
        var (classifier, again) = (TextClassifier.Load(folder.File("model.safetensors")), TextClassifier.Load(folder.File("again.safetensors")));
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model);

        var expected = model.Transform(texts).GetColumn<float[]>("Score").ToArray();
        Assert.Equal(expected, loaded.Transform(texts).GetColumn<float[]>("Score"));
        Assert.Equal(expected, s_texts.Select(text => engine.Predict(new() { Text = text }).Score));
        Assert.Equal(expected, s_texts.Select(text => Probabilities(classifier, text)));
        Assert.Equal(expected, s_texts.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(text => Probabilities(again, text)));
        Assert.Equal(File.ReadAllBytes(folder.File("model.safetensors")), File.ReadAllBytes(folder.File("again.safetensors")));
        Assert.Equal(classifier.Labels, Classifier(loaded).Model.Labels!.Formatted);
    }

    [Fact]
    public void Tokens_OfAllWays_AreTheTokenizersIdsAndOne()
    {
        var transformer = _ml.Attention().TokenizeSequence("Tokens", "Text", TinyEncoder.Shared).Fit(TinyTexts.Data(_ml, 3));
        var loaded = (SequenceTokenizingTransformer)ComponentRegistry.Open(transformer.ToState().ToBytes());
        var texts = _ml.Data.LoadFromEnumerable(s_texts.Select(text => new TinyTexts.Row { Text = text }));

        var expected = s_texts.Select(text => TinyEncoder.Shared.Tokenizer.Encode(text).Select(id => (uint)id + 1).ToArray()).ToArray();

        Assert.Equal(expected, transformer.Transform(texts).GetColumn<uint[]>("Tokens"));
        Assert.Equal(expected, loaded.Transform(texts).GetColumn<uint[]>("Tokens"));
        Assert.Equal(TinyEncoder.Tokens, loaded.Vocabulary);
        Assert.Equal(TinyEncoder.Shared.Tokenizer.Files, loaded.Options.Pretrained!.Files);
        Assert.False(transformer.ToState().Has("vocabulary"));
    }

    [Fact]
    public void Transform_LongTexts_KeepTheSpecialTokensAndCountTheRows()
    {
        var classifier = Classifier(Pipeline(TinyEncoder.Options()).Fit(TinyTexts.Data(_ml, 53)));
        uint[] keys = [3, 5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6, 7, 9, 9, 4], cut = [3, 5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6, 4];

        var scores = classifier.Transform(Sequences([keys, cut])).GetColumn<float[]>("Score").ToArray();

        Assert.Equal(scores[1], scores[0]);
        Assert.Equal(1, classifier.TruncatedRows);
    }

    [Fact]
    public void Layers_OverAFineTunedClassifier_Work()
    {
        var data = TinyTexts.Data(_ml, 53);
        var model = Pipeline(TinyEncoder.Options()).Fit(data);
        var classifier = Classifier(model);
        var tokens = model.Transform(data);

        var layers = _ml.Attention().EncodeSequence(classifier).Append(_ml.Attention().AttentionWeights(classifier)).Fit(tokens);

        var features = layers.Transform(tokens);
        Assert.All(features.GetColumn<float[]>("Features"), vector => Assert.Equal(8, vector.Length));
        Assert.All(features.GetColumn<float[]>("AttentionWeights").Zip(features.GetColumn<uint[]>("Tokens")), row => Assert.Equal(2 * Math.Min(row.Second.Length, 13) * Math.Min(row.Second.Length, 13), row.First.Length));
        var loaded = layers.Select(layer => ComponentRegistry.Open(((SequenceTransformer)layer).ToState().ToBytes()));
        Assert.Equal(features.GetColumn<float[]>("Features"), loaded.First().Transform(tokens).GetColumn<float[]>("Features"));
    }

    [Fact]
    public void Model_OfAFit_KeepsNothingOfTheEncoder()
    {
        var classifier = Classifier(Pipeline(TinyEncoder.Options()).Fit(TinyTexts.Data(_ml, 53)));

        Assert.Null(((AttentionClassifierOptions)classifier.Model.Architecture).Pretrained);
        Assert.Null(((AttentionClassifierOptions)classifier.Model.Training!.Model).Pretrained);
    }

    private static float[] Probabilities(TextClassifier classifier, string text)
    {
        var probabilities = new float[classifier.Labels.Count];
        classifier.Predict(text, probabilities);
        return probabilities;
    }

    private static AttentionClassifierTransformer Classifier(ITransformer model) => Parts(model).OfType<AttentionClassifierTransformer>().Single();

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private static float[] Weight(AttentionClassifierModel model, string name) => model.Weights.Single(weight => weight.Name == name).Values;

    private AttentionClassifierModel Fit(AttentionClassifierOptions options) => Classifier(Pipeline(options).Fit(TinyTexts.Data(_ml, 53))).Model;

    private EstimatorChain<TransformerChain<AttentionClassifierTransformer>> Pipeline(AttentionClassifierOptions options) =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().PretrainedClassifier(options));

    /// <summary>Sequences as the encoder's tokenizer would have made them.</summary>
    private IDataView Sequences(uint[][] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Sequence));
        schema["Tokens"].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), TinyEncoder.Tokens.Length));
        return _ml.Data.LoadFromEnumerable(rows.Select(row => new Sequence { Tokens = row }), schema);
    }

    private sealed class Sequence
    {
        public uint[] Tokens { get; set; } = [];
    }
}
