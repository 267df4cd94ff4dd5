using Microsoft.ML;
using Microsoft.ML.Data;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The code of docs/PIPELINES.md and docs/TRAINING.md, run.</summary>
public class GuideSamples
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Review
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    [Fact]
    public void Attention_Context_GivesTheCatalog()
    {
        // sample: Attention_Context_GivesTheCatalog
        AttentionCatalog attention = new MLContext(seed: 1).Attention();
        // end of sample

        Assert.NotNull(attention);
    }

    [Fact]
    public void Maker_OwnScheme_IsAFunctionOfTheShape()
    {
        // sample: Maker_OwnScheme_IsAFunctionOfTheShape
        Func<SequenceModelOptions, PositionEncoding> mine = model => new MyPositions(model.ModelWidth);
        // end of sample

        using var positions = mine(new SequenceModelOptions { ModelWidth = 4, Heads = 1, MaxLength = 3 });
        Assert.IsType<MyPositions>(positions);
    }

    [Fact]
    public void Pairs_QuestionAndAnswer_AreOneSequence()
    {
        var ml = _ml;
        var attention = ml.Attention();

        // sample: Pairs_QuestionAndAnswer_AreOneSequence
        IDataView pairs = attention.LoadCsv(Sample("questions.csv"), ["Question", "Answer"]);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", ["Question", "Answer"]))                 // question [SEP] answer
            .Append(attention.Classifier(new AttentionClassifierOptions { TokenTypes = 2 }))      // a vector of its own for each of the two
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(pairs);
        ml.Model.SaveTextClassifier(model, Sample("answers.safetensors"));
        TextPrediction answer = TextClassifier.Load(Sample("answers.safetensors")).Predict("how was the soup", "the bread was good");
        // end of sample

        Assert.Contains(answer.Label, new[] { "answered", "evaded" });
    }

    [Fact]
    public void Features_WhichMatter_ByPermutation()
    {
        var ml = _ml;
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));

        // sample: Features_WhichMatter_ByPermutation
        var tokens = ml.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(new AttentionClassifierOptions { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 16 }).Fit(tokens);
        IDataView encoded = attention.EncodeSequence(classifier, "Features").Fit(tokens).Transform(tokens);
        var trained = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(encoded);
        var importance = ml.MulticlassClassification.PermutationFeatureImportance(trained, encoded, permutationCount: 3);
        Console.WriteLine(importance.Min(feature => feature.MicroAccuracy.Mean));        // the accuracy that permuting one feature costs
        // end of sample

        Assert.Equal(8, importance.Length);
        Assert.True(importance.Min(feature => feature.MicroAccuracy.Mean) < -0.05);
    }

    [Fact]
    public void EncoderInCrossValidation_LearnsInEachFold()
    {
        var ml = _ml;
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));

        // sample: EncoderInCrossValidation_LearnsInEachFold
        var folds = ml.MulticlassClassification.CrossValidate(data,
            ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(attention.TokenizeSequence("Tokens", "Text"))
                .Append(attention.Classifier(epochs: 8)),
            numberOfFolds: 3);
        // end of sample
        Console.WriteLine(folds.Average(fold => fold.Metrics.MicroAccuracy));

        Assert.True(folds.Average(fold => fold.Metrics.MicroAccuracy) > 0.9);
    }

    [Fact]
    public void SaveLoadPredict_OneText_HasItsLabel()
    {
        var ml = _ml;
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.Classifier(epochs: 8))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);

        // sample: SaveLoadPredict_OneText_HasItsLabel
        ml.Model.Save(model, data.Schema, Sample("reviews.zip"));
        ITransformer loaded = ml.Model.LoadAttention(Sample("reviews.zip"), out DataViewSchema inputSchema);
        using var engine = ml.Model.CreatePredictionEngine<Review, Answer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        Answer answer = engine.Predict(new Review { Text = "the big cake was lovely" });
        // end of sample

        Assert.Equal("positive", answer.PredictedLabel);
        Assert.Equal(1, answer.Score.Sum(), 1e-5f);
        Assert.NotNull(inputSchema.GetColumnOrNull("Text"));
    }

    [Fact]
    public void Weights_SavedAsSafetensors_EmbedTokens()
    {
        var ml = _ml;
        var attention = ml.Attention();
        IDataView data = attention.LoadCsv(Sample("reviews.csv"));
        var tokens = ml.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Fit(data).Transform(data);
        var classifier = attention.Classifier(new AttentionClassifierOptions { ModelWidth = 32, Pooling = PoolingKind.Mean }).Fit(tokens);

        // sample: Weights_SavedAsSafetensors_EmbedTokens
        classifier.Model.SaveWeights(Sample("weights.safetensors"));                            // safetensors.torch.load_file opens it
        var embeddings = attention.EmbedTokens(new EmbedTokensOptions { Width = 32, WeightsPath = Sample("weights.safetensors") });
        // end of sample

        Assert.Equal(5 * 32, embeddings.Fit(tokens).Transform(tokens).GetColumn<float[]>("Embeddings").First().Length);
    }

    [Fact]
    public void SamplingKey_Groups_StayTogether()
    {
        var ml = _ml;
        var attention = ml.Attention();
        File.WriteAllLines(Sample("grouped.csv"), ["Text,Label,Group", .. Enumerable.Range(0, 40).Select(row => $"w{row % 5} x{row % 2},{(row % 2 == 0 ? "a" : "b")},g{row / 2}")]);

        // sample: SamplingKey_Groups_StayTogether
        IDataView grouped = attention.LoadCsv(new CsvOptions { KeptColumns = ["Group"] }, Sample("grouped.csv"));
        var split = ml.Data.TrainTestSplit(grouped, testFraction: 0.2, samplingKeyColumnName: "Group");
        var classifier = attention.Classifier(new AttentionClassifierOptions { SamplingKeyColumnName = "Group" });
        // end of sample

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(attention.TokenizeSequence("Tokens", "Text")).Append(classifier);
        Assert.NotEmpty(pipeline.Fit(split.TrainSet).LastTransformer.Model.History);
    }

    [Fact]
    public void Checkpoints_StoppedRun_GoesOn()
    {
        TrainingOptions options =
            // sample: Checkpoints_StoppedRun_GoesOn
            new TrainingOptions
            {
                Checkpoints = new CheckpointOptions { Directory = Sample("run1"), EverySeconds = 60 },
                ResumeFrom = Sample("run1"),        // nothing there yet: starts from the beginning
            }
            // end of sample
        ;

        var data = _ml.Attention().LoadCsv(Sample("reviews.csv"));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().TokenizeSequence("Tokens", "Text"))
            .Append(_ml.Attention().Classifier(new AttentionClassifierOptions { Training = options with { Epochs = 2 } }));
        Assert.NotEmpty(pipeline.Fit(data).LastTransformer.Model.History);
    }

    private sealed class MyPositions(long width) : PositionEncoding(nameof(MyPositions))
    {
        public long Width => width;
    }
}
