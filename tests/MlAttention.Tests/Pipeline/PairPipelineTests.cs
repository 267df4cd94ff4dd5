using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Core.Text;
using MlAttention.Core.Weights;
using MlAttention.Schema;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>Texts of several columns in pipelines, prediction engines, text classifiers and files.</summary>
public class PairPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(false, EngineKind.Managed)]
    [InlineData(false, EngineKind.TorchSharp)]
    [InlineData(true, EngineKind.Managed)]
    public void Predict_Pairs_AreTheSameHoweverTheyAreScored(bool pretrained, EngineKind engine)
    {
        using var folder = new TemporaryFolder();
        var options = pretrained ? TinyEncoder.Options() : TinyTexts.Classifier with { TokenTypes = 2 };
        options = options with { Training = options.Training with { Compute = new() { Engine = engine, Threads = 1 } } };
        var data = TinyPairs.Data(_ml, 53);
        var model = (pretrained ? TinyPairs.Pretrained(_ml, options) : TinyPairs.Pipeline(_ml, options)).Fit(data);
        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors"));
        var classifier = TextClassifier.Load(folder.File("model.safetensors"));
        var loaded = new MLContext().Model.LoadAttention(folder.File("model.zip"), out _);
        using var engineOfRows = _ml.Model.CreatePredictionEngine<TinyPairs.Row, TinyTexts.Prediction>(loaded);

        Assert.Equal(2, classifier.PartCount);
        var probabilities = new float[3];
        foreach (var (first, second) in TinyPairs.Hard)
        {
            var row = new TinyPairs.Row { First = first, Second = second };
            var expected = model.Transform(_ml.Data.LoadFromEnumerable([row])).GetColumn<float[]>("Score").Single();
            Assert.Equal(expected, engineOfRows.Predict(row).Score);
            classifier.Predict(first, second, probabilities);
            Assert.Equal(expected, probabilities);
            classifier.PredictParts([first, second], probabilities);
            Assert.Equal(expected, probabilities);
            Assert.Equal(classifier.Predict(first, second), classifier.PredictParts(first, second));
        }
        Assert.Equal(TinyPairs.Hard.Select(pair => classifier.Predict(pair.First, pair.Second)), classifier.Predict(TinyPairs.Hard));
        Assert.NotEqual(classifier.Predict("bark bone", "purr"), classifier.Predict("purr", "bark bone"));
        Assert.Contains("call Predict(first, second)", Assert.Throws<InvalidOperationException>(() => classifier.Predict("bark")).Message, StringComparison.Ordinal);
        Assert.Contains("2 text(s) together (First, Second), and 3 text(s)", Assert.Throws<InvalidOperationException>(() => classifier.PredictParts("a", "b", "c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_PairsWithTokenTypes_TrainsBothRows()
    {
        var model = Classifier(TinyPairs.Pipeline(_ml).Fit(TinyPairs.Data(_ml, 53)));

        Assert.Equal(1, model.Architecture.SeparatorKey);        // the first token of the vocabulary
        Assert.False(model.Architecture.SharedTokenType);
        var types = model.Weights.Single(weight => weight.Name == WeightLayout.TokenTypesName);
        Assert.All(Enumerable.Range(0, 2), type => Assert.True(types.Values[(type * 8)..(type * 8 + 8)].All(value => value != 0)));      // both begin at 0
    }

    /// <summary>The label is the first text's, and words of all labels stand in both texts: without types and positions a model can only guess among them.</summary>
    [Fact]
    public void Fit_TokenTypes_TellWhichPartAWordIsOf()
    {
        var options = TinyTexts.Classifier with { Positions = PositionScheme.None, ModelWidth = 16, Training = TinyTexts.Classifier.Training with { Epochs = 12, Seed = 2 } };
        double Accuracy(int types) => _ml.MulticlassClassification.Evaluate(
            _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().TokenizeSequence("Tokens", TinyPairs.Columns)).Append(_ml.Attention().Classifier(options with { TokenTypes = types }))
                .Fit(TinyPairs.Data(_ml, 400)).Transform(TinyPairs.Data(_ml, 400, seed: 8))).MicroAccuracy;

        Assert.InRange(Accuracy(types: 2), 0.95, 1);
        Assert.InRange(Accuracy(types: 0), 0, 0.75);
    }

    [Fact]
    public void SaveHuggingFace_PairClassifier_KeepsBothRowsAndTheProbabilities()
    {
        using var folder = new TemporaryFolder();
        var data = TinyPairs.Data(_ml, 53);
        var model = TinyPairs.Pretrained(_ml).Fit(data);
        var before = TinyEncoder.Shared.Weights.Single(weight => weight.Name == WeightLayout.TokenTypesName).Values;

        _ml.Model.SaveHuggingFace(model, folder.File("pairs"));
        var loaded = PretrainedEncoder.Load(folder.File("pairs"));

        var types = Classifier(model).Weights.Single(weight => weight.Name == WeightLayout.TokenTypesName).Values;
        Assert.True(types.Zip(before).All(value => value.First != value.Second));     // trained, in both rows
        Assert.Equal(types, loaded.Weights.Single(weight => weight.Name == WeightLayout.TokenTypesName).Values);
        var classifier = TextClassifier.FromPretrained(loaded, parts: 2);
        var probabilities = new float[3];
        var scores = model.Transform(_ml.Data.LoadFromEnumerable(TinyPairs.Hard.Select(pair => new TinyPairs.Row { First = pair.First, Second = pair.Second }))).GetColumn<float[]>("Score");
        foreach (var ((first, second), expected) in TinyPairs.Hard.Zip(scores))
        {
            classifier.Predict(first, second, probabilities);
            Assert.Equal(expected, probabilities);
        }
        Assert.Equal(1, TextClassifier.FromPretrained(loaded, parts: 1).PartCount);
        Assert.Equal(1, TextClassifier.FromPretrained(loaded).PartCount);
    }

    [Fact]
    public void TokenizeSequence_ThreeColumns_TellsTheClassifierItsSeparator()
    {
        var rows = _ml.Data.LoadFromEnumerable(new[] { new { A = "x y", B = "y", C = "z" } });

        var tokenized = _ml.Attention().TokenizeSequence("Tokens", ["A", "B", "C"]).Fit(rows).Transform(rows);

        Assert.Equal(new TextParts(1, 3, 5, SharedTokenType: false), tokenized.Schema["Tokens"].Parts());
        var texts = tokenized.Schema["Tokens"].KeyTexts();
        Assert.Equal("x y [SEP] y [SEP] z", string.Join(' ', tokenized.GetColumn<uint[]>("Tokens").Single().Select(key => texts[(int)key - 1])));
        var xlm = PretrainedTokenizer.FromFiles(MlAttention.Tests.Text.ExpectedIds.Files("xlm_roberta"));
        Assert.Equal(new TextParts(3, 3, 9, SharedTokenType: true), _ml.Attention().TokenizeSequence("Tokens", ["A", "B", "C"], xlm).Fit(rows).Transform(rows).Schema["Tokens"].Parts());
        Assert.Null(_ml.Attention().TokenizeSequence("Tokens", "A").Fit(rows).Transform(rows).Schema["Tokens"].Parts());
        Assert.Equal("A", _ml.Attention().TokenizeSequence("A", null).Fit(rows).Transform(rows).Schema[^1].Name);      // null names no columns, but the output's
    }

    [Fact]
    public void Fit_NoRoomForBothParts_SaysWhatIsNeeded()
    {
        var data = TinyPairs.Data(_ml, 23);
        string Error(AttentionClassifierOptions options) => Assert.Throws<ArgumentException>(() => TinyPairs.Pipeline(_ml, options).Fit(data)).Message;

        Assert.Contains("MaxLength = 2: must be at least 3 tokens: one of each of the 2 parts", Error(TinyTexts.Classifier with { MaxLength = 2 }), StringComparison.Ordinal);
        Assert.Contains("MaxLength = 3: must be at least 4 tokens", Error(TinyTexts.Classifier with { MaxLength = 3, Pooling = PoolingKind.Cls }), StringComparison.Ordinal);
        Assert.Contains("SeparatorKey = 5: must be 1", Error(TinyTexts.Classifier with { SeparatorKey = 5 }), StringComparison.Ordinal);
        Assert.Contains("MaxLength = 4: must be at least 5", Assert.Throws<ArgumentException>(() => TinyPairs.Pretrained(_ml, TinyEncoder.Options() with { MaxLength = 4 }).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_PairAfterTheFirstCall_AllocatesNothing()
    {
        using var folder = new TemporaryFolder();
        _ml.Model.SaveTextClassifier(TinyPairs.Pipeline(_ml).Fit(TinyPairs.Data(_ml, 23)), folder.File("model.safetensors"));
        var classifier = TextClassifier.Load(folder.File("model.safetensors"));
        var probabilities = new float[3];
        var pairs = TinyPairs.Hard.Where(pair => System.Text.Ascii.IsValid(pair.Second)).ToArray();
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var (first, second) in pairs) classifier.Predict(first, second, probabilities);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated();

        // The runtime allocates now and then for itself, when it recompiles a method; what a call allocates shows in every round.
        Assert.Equal(0, Enumerable.Range(0, 20).Select(_ => Allocated()).Min());
    }

    [Fact]
    public void Fit_LongPairs_CountsWhatItCuts()
    {
        var log = new List<string>();
        _ml.Log += (_, logged) => log.Add(logged.Message);
        var rows = TinyPairs.Rows(23).Append(new() { First = string.Join(' ', Enumerable.Repeat("purr", 30)), Second = "bark", Label = "cat" });

        TinyPairs.Pipeline(_ml).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Contains(log, line => line.Contains("19 tokens of 1 ", StringComparison.Ordinal));      // 32 with the separator, and 13 are read
    }

    private static AttentionClassifierModel Classifier(ITransformer model) => Steps(model).OfType<AttentionClassifierTransformer>().Single().Model;

    private static IEnumerable<ITransformer> Steps(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];
}
