using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>A fitted classifier that is trained on with new words and new labels.</summary>
public sealed class ContinueClassifierTests : IDisposable
{
    private static readonly string[] s_newWords = ["howl", "moon", "hunts"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    public ContinueClassifierTests() => _ml.Log += (_, logged) =>
    {
        lock (_log) _log.Add(logged.RawMessage);
    };

    public void Dispose() => _folder.Dispose();

    /// <summary>Before the first step changes anything.</summary>
    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Fit_NewWordsAndLabels_TakesKnownRowsToTheBitAndOthersFromTheSeed(EngineKind engine)
    {
        var earlier = Earlier();
        var (old, oldWords) = (Classifier(earlier), Tokenizer(earlier).Vocabulary);

        var model = Keys(earlier, WithWolves(53)).Append(_ml.Attention().ContinueClassifier(earlier, Untrained(engine))).Fit(WithWolves(53));

        var (now, words) = (Classifier(model), Tokenizer(model).Vocabulary);
        Assert.Equal(oldWords, words.Take(9));
        Assert.Equal(s_newWords.Order(), words.Skip(9).Order());
        Assert.Equal([.. old.Labels!.Formatted, "wolf"], now.Labels!.Formatted);
        var seed = WeightInitializer.Create(WeightLayout.Of(now.Architecture, 9 + 3 + 2, 4), seed: 3);
        foreach (var weight in now.Weights)
        {
            var (was, fresh) = (Values(old.Weights, weight.Name), Values(seed, weight.Name));
            var expected = weight.Name switch
            {
                WeightLayout.EmbeddingName => [.. was[..(10 * 8)], .. fresh[(10 * 8)..(13 * 8)], .. was[^8..]],
                "head.weight" => [.. was, .. fresh[(3 * 8)..]],
                "head.bias" => [.. was, fresh[3]],
                _ => was,
            };
            Assert.Equal(expected, weight.Values);
        }
        Assert.Contains("Vocabulary: 12 tokens, 9 of the initial vocabulary and 3 new.", _log);
        Assert.Contains("Initial weights: 17 of 17 from the model of ContinueFrom. 9 tokens taken over, 3 new, 0 dropped. 3 labels taken over, 1 new, 0 dropped.", _log);
    }

    [Fact]
    public void Fit_ANewLabel_IsLearnedAndTheOldOnesStay()
    {
        var earlier = Earlier();
        _ml.Model.Save(earlier, TinyTexts.Data(_ml, 1).Schema, _folder.File("model.zip"));
        var loaded = new MLContext().Model.LoadAttention(_folder.File("model.zip"), out _);

        var (model, again) = (TrainOn(earlier, epochs: 6), TrainOn(loaded, epochs: 6));

        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(WithWolves(97, seed: 11)));
        Assert.Equal(4, metrics.PerClassLogLoss.Count);
        Assert.InRange(metrics.MicroAccuracy, 0.9, 1);
        Assert.All(model.Transform(WithWolves(97, seed: 11)).GetColumn<string>("PredictedLabel").Zip(Rows(97, seed: 11)).Where(row => row.Second.Label == "wolf"), row => Assert.Equal("wolf", row.First));
        Assert.All(Classifier(model).Weights, weight => Assert.Equal(weight.Values, Values(Classifier(again).Weights, weight.Name)));
    }

    [Fact]
    public void Fit_KeysWithoutAnOldLabel_DropsItsRowsAndWarns()
    {
        var earlier = Earlier();
        var rows = _ml.Data.LoadFromEnumerable(Rows(53).Where(row => row.Label != "cat").ToArray());

        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().ContinueClassifier(earlier, Untrained())).Fit(rows);

        Assert.Equal(["dog", "owl", "wolf"], Classifier(model).Labels!.Formatted.Order());
        Assert.Contains(_log, line => line.EndsWith(" 2 labels taken over, 1 new, 1 dropped.", StringComparison.Ordinal));
        Assert.Contains(_log, line => line.StartsWith("1 labels of the model of ContinueFrom are not among the keys of 'Label' and are dropped: 'cat'.", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_RefittedVocabulary_FindsRowsByWord()
    {
        var old = Classifier(Earlier());
        var options = new AttentionClassifierOptions(old) { Training = Untrained() };

        var model = TinyTexts.Pipeline(_ml, options).Fit(_ml.Data.LoadFromEnumerable(TinyTexts.Rows(53).Reverse().Where(row => !row.Text.Contains("bark", StringComparison.Ordinal)).ToArray()));

        Assert.Contains(_log, line => line.Contains(" 8 tokens taken over, 0 new, 1 dropped. 3 labels taken over", StringComparison.Ordinal));
        Assert.InRange(_ml.MulticlassClassification.Evaluate(model.Transform(TinyTexts.Data(_ml, 97, seed: 11))).MicroAccuracy, 0.8, 1);
    }

    [Fact]
    public void Classifier_AnotherArchitecture_NamesEachOptionWithWhatIsNeededAndWhatMayDiffer()
    {
        var options = new AttentionClassifierOptions(Classifier(Earlier())) { Layers = 2, Positions = PositionScheme.Rotary, PositionDetails = new() { RotaryBase = 500 }, Dropout = 0.4, MaxLength = 29, Truncation = TruncationSide.KeepEnd };

        var error = Assert.Throws<ArgumentException>(() => _ml.Attention().Classifier(options with { Training = options.Training with { InitialWeightsPath = "weights" } }));

        Assert.Contains("has 4 error(s)", error.Message, StringComparison.Ordinal);
        foreach (string part in (string[])["Layers = 2: must be 1, as the weights of the model of ContinueFrom need.", "Positions = Rotary: must be Sinusoidal, as", "PositionDetails.RotaryBase = 500: must be 10000, as", "InitialWeightsPath = weights: must be null where ContinueFrom gives the weights."])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        _ml.Attention().Classifier(options with { Layers = 1, Positions = PositionScheme.Sinusoidal, PositionDetails = new() });
    }

    [Fact]
    public void ContinueClassifier_PipelineWithoutItsParts_IsRefused()
    {
        var earlier = (IEnumerable<ITransformer>)Earlier();

        var error = Assert.Throws<ArgumentException>(() => _ml.Attention().ContinueClassifier(earlier.OfType<AttentionClassifierTransformer>().Single()));

        Assert.Contains("cannot become a classifier to train on: it has 0 tokenizers and 1 classifiers", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _ml.Attention().LabelKeys(earlier.OfType<SequenceTokenizingTransformer>().Single(), WithWolves(3)));
    }

    [Fact]
    public void LabelKeys_NumbersAsLabels_KeepTheirType()
    {
        var data = _ml.Data.LoadFromEnumerable(TinyTexts.Rows(53).Select(row => new Numbered { Text = row.Text, Label = 3 + Array.IndexOf(TinyTexts.Labels, row.Label) }));
        var model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Epochs = 1 } }).Fit(data);
        var more = _ml.Data.LoadFromEnumerable([new Numbered { Label = 9 }, new Numbered { Label = 4 }]);

        int[] keys = [.. _ml.Attention().LabelKeys(model, more).GetColumn<int>("Value")];

        Assert.Equal([3, 4, 5, 9], keys.Order());
        Assert.Equal(9, keys[3]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Attention().LabelKeys(model, WithWolves(3)));
        Assert.Contains("Schema mismatch for label column 'Label': expected Int32, got String", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_FineTunedModel_KeepsItsVocabularyAndMatchesLabels()
    {
        var data = TinyTexts.Data(_ml, 53);
        var earlier = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().PretrainedClassifier(TinyEncoder.Options())).Fit(data);
        var old = Classifier(earlier);

        var model = Keys(earlier, WithWolves(53)).Append(_ml.Attention().ContinueClassifier(earlier, Untrained() with { RareTokenDropout = 0 })).Fit(WithWolves(53));

        var now = Classifier(model);
        Assert.Equal(TinyEncoder.Tokens, Tokenizer(model).Vocabulary);
        Assert.Equal(Values(old.Weights, WeightLayout.EmbeddingName), Values(now.Weights, WeightLayout.EmbeddingName));
        Assert.Equal(Values(old.Weights, "head.weight"), Values(now.Weights, "head.weight")[..(3 * 8)]);
        Assert.Equal(TrainingOptions.FineTuning, new AttentionClassifierOptions(old).Training);
        _ml.Model.SaveHuggingFace(model, _folder.File("encoder"));
        Assert.Equal(["dog", "cat", "owl", "wolf"], PretrainedEncoder.Load(_folder.File("encoder")).Labels.OrderBy(label => Array.IndexOf([.. TinyTexts.Labels, "wolf"], label)));
    }

    [Fact]
    public void Fit_FineTunedModelWithOtherTokens_SaysWhatMakesThem()
    {
        var earlier = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().PretrainedClassifier(TinyEncoder.Options())).Fit(TinyTexts.Data(_ml, 53));
        var options = new AttentionClassifierOptions(Classifier(earlier));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TinyTexts.Pipeline(_ml, options).Fit(TinyTexts.Data(_ml, 53)));

        Assert.Contains("expected the tokens of the model of ContinueFrom, which was fine-tuned from a pretrained encoder, got others: it has 9 keys; the model has 67 tokens.", error.Message, StringComparison.Ordinal);
        Assert.Contains("RareTokenDropout = 0.25: must be 0", Assert.Throws<ArgumentException>(() => _ml.Attention().Classifier(options with { Training = new() })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_RunThatGoesOn_IsThatOfItsModelAlone()
    {
        var (earlier, other) = (Earlier(), Earlier(seed: 5));
        var training = Untrained() with { Checkpoints = new() { Directory = _folder.File("run") }, ResumeFrom = _folder.File("run"), Epochs = 2 };
        ITransformer Fit(ITransformer from) => Keys(earlier, WithWolves(53)).Append(_ml.Attention().ContinueClassifier(from, training)).Fit(WithWolves(53));
        Directory.CreateDirectory(_folder.File("run"));
        var model = Fit(earlier);

        Assert.All(Classifier(Fit(earlier)).Weights, weight => Assert.Equal(weight.Values, Values(Classifier(model).Weights, weight.Name)));
        Assert.Contains("is of a run that began with other weights.", Assert.Throws<ArgumentException>(() => Fit(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_OfAFit_KeepsNothingOfTheOneBefore()
    {
        var model = TrainOn(Earlier(), epochs: 1);

        Assert.Null(((AttentionClassifierOptions)Classifier(model).Architecture).ContinueFrom);
        Assert.Null(Tokenizer(model).Options.InitialVocabulary);
    }

    private ITransformer Earlier(int seed = 2)
    {
        var options = TinyTexts.Classifier;
        return TinyTexts.Pipeline(_ml, options with { Training = options.Training with { Epochs = 8, Seed = seed } }).Fit(TinyTexts.Data(_ml, 211));
    }

    private ITransformer TrainOn(ITransformer earlier, int epochs) => Keys(earlier, WithWolves(211))
        .Append(_ml.Attention().ContinueClassifier(earlier, TinyTexts.Classifier.Training with { Epochs = epochs, Seed = 3 }))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(WithWolves(211));

    private IEstimator<ITransformer> Keys(ITransformer earlier, IDataView data) =>
        _ml.Transforms.Conversion.MapValueToKey("Label", keyData: _ml.Attention().LabelKeys(earlier, data));

    /// <summary>Training that leaves the weights as they start.</summary>
    private static TrainingOptions Untrained(EngineKind engine = EngineKind.Auto) =>
        TinyTexts.Classifier.Training with { Epochs = 1, Seed = 3, Optimizer = new() { LearningRate = 1e-30 }, Compute = new() { Engine = engine, Threads = 1 } };

    private IDataView WithWolves(int count, int seed = 7) => _ml.Data.LoadFromEnumerable(Rows(count, seed));

    /// <summary>Rows of the three labels, and as many of a fourth, with words of its own.</summary>
    private static TinyTexts.Row[] Rows(int count, int seed = 7) =>
    [
        .. TinyTexts.Rows(count, seed),
        .. Enumerable.Range(0, count).Select(row => new TinyTexts.Row { Text = $"{s_newWords[row % 3]} {TinyTexts.Words[row % 2][row % 3]} {s_newWords[(row + 1) % 3]}", Label = "wolf" }),
    ];

    private static AttentionClassifierModel Classifier(ITransformer model) => Parts(model).OfType<AttentionClassifierTransformer>().Single().Model;

    private static SequenceTokenizingTransformer Tokenizer(ITransformer model) => Parts(model).OfType<SequenceTokenizingTransformer>().Single();

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private static float[] Values(IEnumerable<WeightTensor> weights, string name) => weights.Single(weight => weight.Name == name).Values;

    private sealed class Numbered
    {
        public string Text { get; set; } = "bark";

        public int Label { get; set; }
    }
}
