using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline;

public class AttentionClassifierTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class LabelOnly
    {
        public string Label { get; set; } = "";
    }

    [Fact]
    public void Fit_WordsThatTellTheLabel_LearnsThem()
    {
        var options = TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Epochs = 12 } };
        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(options)).Fit(TinyTexts.Data(_ml, 307));

        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(TinyTexts.Data(_ml, 101, seed: 8)));

        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.True(metrics.LogLoss < 0.5, $"log loss {metrics.LogLoss}");
        Assert.Contains("dog", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
        Assert.NotEmpty(model.LastTransformer.Model.History);
    }

    [Fact]
    public void Fit_ValidationDataGiven_ValidatesOnIt()
    {
        var data = TinyTexts.Data(_ml, 53);
        var preparation = TinyTexts.Preparation(_ml).Fit(data);
        var trainer = _ml.Attention().Classifier(TinyTexts.Classifier);
        var validation = preparation.Transform(TinyTexts.Data(_ml, 131, seed: 8));

        var model = trainer.Fit(preparation.Transform(data), validation);

        var chosen = model.Model.History[model.Model.Training!.ChosenEpoch - 1];
        Assert.Equal((53, 131), (model.Model.Training.TrainingRows, model.Model.Training.ValidationRows));
        Assert.Equal(_ml.MulticlassClassification.Evaluate(model.Transform(validation)).MicroAccuracy, chosen.ValidationAccuracy!.Value, 12);
    }

    [Fact]
    public void Fit_ValidationDataOfAnotherVocabulary_SaysSo()
    {
        var data = TinyTexts.Data(_ml, 53);
        var other = TinyTexts.Data(_ml, 3, seed: 8);
        var trainer = _ml.Attention().Classifier(TinyTexts.Classifier);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(TinyTexts.Preparation(_ml).Fit(data).Transform(data), TinyTexts.Preparation(_ml).Fit(other).Transform(other)));

        Assert.Contains("Schema mismatch for tokens column 'Tokens'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationDataWithoutTokens_NamesTheColumn()
    {
        var data = TinyTexts.Data(_ml, 53);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Attention().Classifier(TinyTexts.Classifier).Fit(TinyTexts.Preparation(_ml).Fit(data).Transform(data), data));
        Assert.Contains("'Tokens'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_Scores_AreProbabilitiesWithThePredictedLabelLargest()
    {
        var model = TinyTexts.Pipeline(_ml).Fit(TinyTexts.Data(_ml, 53));

        var predictions = _ml.Data.CreateEnumerable<TinyTexts.Prediction>(model.Transform(TinyTexts.Data(_ml, 29, 8)), false).ToArray();

        Assert.Equal(29, predictions.Length);
        var names = new VBuffer<ReadOnlyMemory<char>>();
        model.GetOutputSchema(TinyTexts.Data(_ml, 1).Schema)["Score"].GetSlotNames(ref names);
        var classes = names.DenseValues().Select(name => name.ToString()).ToArray();
        foreach (var prediction in predictions)
        {
            Assert.Equal(1, prediction.Score.Sum(), 5);
            Assert.Equal(prediction.PredictedLabel, classes[Array.IndexOf(prediction.Score, prediction.Score.Max())]);
        }
    }

    [Fact]
    public void GetOutputSchema_Fitted_HasTheAnnotationsOfOfficialTrainers()
    {
        var schema = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier)).Fit(TinyTexts.Data(_ml, 53)).GetOutputSchema(TinyTexts.Data(_ml, 1).Schema);

        var score = schema["Score"];
        var predicted = schema["PredictedLabel"];
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), score.Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), predicted.Type);
        Assert.Equal(["ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind", "SlotNames", "TrainingLabelValues"], Kinds(score));
        Assert.Equal(["KeyValues", "ScoreColumnKind", "ScoreColumnSetId", "ScoreValueKind"], Kinds(predicted));
        Assert.Equal("MulticlassClassification", Text(score, "ScoreColumnKind"));
        Assert.Equal(("Score", "PredictedLabel"), (Text(score, "ScoreValueKind"), Text(predicted, "ScoreValueKind")));
        Assert.Equal((1u, 1u), (SetId(score), SetId(predicted)));
    }

    [Fact]
    public void GetOutputSchema_SecondClassifier_HasTheNextSetId()
    {
        var second = TinyTexts.Classifier with { ScoreColumnName = "Score2", PredictedLabelColumnName = "PredictedLabel2" };
        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier)).Append(_ml.Attention().Classifier(second)).Fit(TinyTexts.Data(_ml, 53));

        Assert.Equal(2u, SetId(model.GetOutputSchema(TinyTexts.Data(_ml, 1).Schema)["Score2"]));
    }

    [Fact]
    public void Fit_ClassWithoutRows_KeepsItsScore()
    {
        var data = TinyTexts.Data(_ml, 53);
        var keys = _ml.Data.LoadFromEnumerable(new[] { "dog", "cat", "owl", "fox" }.Select(label => new LabelOnly { Label = label }));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys)
            .Append(_ml.Attention().TokenizeSequence("Tokens", "Text")).Append(_ml.Attention().Classifier(TinyTexts.Classifier)).Fit(data);

        Assert.Equal(4, ((VectorDataViewType)model.GetOutputSchema(data.Schema)["Score"].Type).Size);
    }

    [Fact]
    public void Fit_MissingLabels_AreSkippedAndCounted()
    {
        var log = Log();
        var rows = TinyTexts.Rows(53);
        rows[3].Label = "";
        rows[31].Label = "";

        TinyTexts.Pipeline(_ml).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Contains(log, line => line.Contains("2 rows have no label", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_RowsOfWeightZero_DoNotCount()
    {
        var rows = TinyTexts.Rows(211);
        var poisoned = rows.Select(row => new TinyTexts.Row { Text = row.Text, Label = row.Label }).ToList();
        foreach (var row in rows) poisoned.Add(new TinyTexts.Row { Text = row.Text, Label = TinyTexts.Labels[(Array.IndexOf(TinyTexts.Labels, row.Label) + 1) % 3], Weight = 0 });
        var options = TinyTexts.Classifier with { ExampleWeightColumnName = "Weight", Training = TinyTexts.Classifier.Training with { Epochs = 12, ValidationFraction = 0 } };

        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(options)).Fit(_ml.Data.LoadFromEnumerable(poisoned));

        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(TinyTexts.Data(_ml, 101, 8))).MicroAccuracy > 0.9);
    }

    [Fact]
    public void Transform_LongerThanMaxLength_CutsCountsAndLogs()
    {
        var log = Log();
        var options = TinyTexts.Classifier with { MaxLength = 2, Truncation = TruncationSide.KeepEnd };
        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(options)).Fit(TinyTexts.Data(_ml, 53));
        var rows = new[] { new TinyTexts.Row { Text = "bark purr hoot night" }, new TinyTexts.Row { Text = "hoot night" } };

        var scores = model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").ToArray();

        Assert.Equal(scores[1], scores[0]);
        Assert.Equal(1, model.LastTransformer.TruncatedRows);
        Assert.Contains(log, line => line.Contains("Truncated: 2 tokens of 1 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_TokensOfMlNetsOwnTokenizer_Works()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Words", "Text"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
            .Append(_ml.Attention().Classifier(TinyTexts.Classifier));

        Assert.Equal(9, pipeline.Fit(TinyTexts.Data(_ml, 53)).LastTransformer.Model.VocabularySize);
    }

    [Fact]
    public void Fit_OneLabelOnly_SaysSo()
    {
        var rows = TinyTexts.Rows(31);
        foreach (var row in rows) row.Label = "dog";

        var error = Assert.Throws<ArgumentException>(() => TinyTexts.Pipeline(_ml).Fit(_ml.Data.LoadFromEnumerable(rows)));

        Assert.Contains("needs at least 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetOutputSchema_WrongOrMissingColumn_NamesItBeforeTraining()
    {
        var classifier = _ml.Attention().Classifier(TinyTexts.Classifier);
        var raw = TinyTexts.Data(_ml, 5);
        var prepared = TinyTexts.Preparation(_ml).Fit(raw).Transform(raw);

        Assert.Contains("Could not find tokens column 'Tokens'", Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Fit(raw)).Message, StringComparison.Ordinal);
        var textLabel = _ml.Attention().Classifier(TinyTexts.Classifier with { LabelColumnName = "Text" });
        Assert.Contains("Schema mismatch for label column 'Text': expected Key, got String (use MapValueToKey)", Assert.Throws<ArgumentOutOfRangeException>(() => textLabel.Fit(prepared)).Message, StringComparison.Ordinal);
        var weightless = _ml.Attention().Classifier(TinyTexts.Classifier with { ExampleWeightColumnName = "Text" });
        Assert.Contains("Schema mismatch for example weight column 'Text': expected Single, got String (use ConvertType)", Assert.Throws<ArgumentOutOfRangeException>(() => weightless.Fit(prepared)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_AnotherVocabulary_IsRefused()
    {
        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier)).Fit(TinyTexts.Data(_ml, 53));
        var other = _ml.Data.LoadFromEnumerable(new[] { new TinyTexts.Row { Text = "other words", Label = "dog" } });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.LastTransformer.Transform(TinyTexts.Preparation(_ml).Fit(other).Transform(other)));

        Assert.Contains("Schema mismatch for tokens column 'Tokens'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PoolingKind.Cls)]
    [InlineData(PoolingKind.Last)]
    public void Transform_EmptyText_GivesProbabilities(PoolingKind pooling)
    {
        var model = TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier with { Pooling = pooling })).Fit(TinyTexts.Data(_ml, 53));

        var scores = model.Transform(_ml.Data.LoadFromEnumerable(new[] { new TinyTexts.Row { Text = "" }, new TinyTexts.Row { Text = "bark" } })).GetColumn<float[]>("Score").ToArray();

        Assert.All(scores, score => Assert.Equal(1, score.Sum(), 5));
    }

    /// <summary>It permutes numbers; the guide shows how EncodeSequence gives it some.</summary>
    [Fact]
    public void PermutationFeatureImportance_OfTheClassifierItself_SaysWhatToDo()
    {
        var data = TinyTexts.Preparation(_ml).Fit(TinyTexts.Data(_ml, 53)).Transform(TinyTexts.Data(_ml, 53));
        var classifier = _ml.Attention().Classifier(TinyTexts.Classifier).Fit(data);

        var error = Assert.Throws<NotSupportedException>(() => _ml.MulticlassClassification.PermutationFeatureImportance(classifier, data));

        Assert.Equal("Tokens", classifier.FeatureColumnName);
        Assert.Contains("the classifier's column 'Tokens' holds keys. Give it a trainer over the features of mlContext.Attention().EncodeSequence(classifier)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ErrorsOfColumnsArchitectureAndTraining_AreAllNamed()
    {
        var options = TinyTexts.Classifier with { ScoreColumnName = "PredictedLabel", Heads = 0, Training = new TrainingOptions { Epochs = 0 } };

        var error = Assert.Throws<ArgumentException>(() => _ml.Attention().Classifier(options));

        foreach (var name in new[] { "ScoreColumnName", "Heads", "Epochs" }) Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private List<string> Log()
    {
        var log = new List<string>();
        _ml.Log += (_, message) => log.Add(message.RawMessage);
        return log;
    }

    private static string[] Kinds(DataViewSchema.Column column) => [.. column.Annotations.Schema.Select(annotation => annotation.Name).Order(StringComparer.Ordinal)];

    private static string Text(DataViewSchema.Column column, string kind)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(kind, ref value);
        return value.ToString();
    }

    private static uint SetId(DataViewSchema.Column column)
    {
        var value = 0u;
        column.Annotations.GetValue("ScoreColumnSetId", ref value);
        return value;
    }
}
