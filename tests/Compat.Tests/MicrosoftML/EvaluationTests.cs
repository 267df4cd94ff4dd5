using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

/// <summary>
/// Five examples of three classes, one without a label:
/// actual 1, scores .7 .2 .1, right; actual 1, scores .3 .6 .1, predicted 2, rank 2; actual 2, scores .1 .8 .1, right;
/// actual 3, scores .4 .4 .2, predicted 1 (the first of equals), rank 3; no label, left out.
/// </summary>
public class EvaluationTests
{
    private const double Tolerance = 1e-6;

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Evaluate_HandSolvedExamples_GivesTheMetrics()
    {
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(Scored(), topKPredictionCount: 2);

        double logLoss = -(Math.Log(0.7) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.2)) / 4;
        double entropy = -((0.5 * Math.Log(0.5)) + (2 * 0.25 * Math.Log(0.25)));
        Assert.Equal(2 / 4.0, metrics.MicroAccuracy, Tolerance);
        Assert.Equal((1 / 2.0 + 1 + 0) / 3, metrics.MacroAccuracy, Tolerance);
        Assert.Equal(logLoss, metrics.LogLoss, Tolerance);
        Assert.Equal((entropy - logLoss) / entropy, metrics.LogLossReduction, Tolerance);
        Assert.Equal(-(Math.Log(0.7) + Math.Log(0.3)) / 2, metrics.PerClassLogLoss[0], Tolerance);
        Assert.Equal(-Math.Log(0.8), metrics.PerClassLogLoss[1], Tolerance);
        Assert.Equal(-Math.Log(0.2), metrics.PerClassLogLoss[2], Tolerance);
        Assert.Equal(2, metrics.TopKPredictionCount);
        Assert.Equal([2 / 4.0, 3 / 4.0], metrics.TopKAccuracyForAllK);
        Assert.Equal(3 / 4.0, metrics.TopKAccuracy, Tolerance);
    }

    [Fact]
    public void Evaluate_HandSolvedExamples_GivesTheConfusionMatrix()
    {
        ConfusionMatrix matrix = _ml.MulticlassClassification.Evaluate(Scored()).ConfusionMatrix;

        Assert.Equal(3, matrix.NumberOfClasses);
        Assert.Equal([1, 1, 0], matrix.Counts[0]);
        Assert.Equal([0, 1, 0], matrix.Counts[1]);
        Assert.Equal([1, 0, 0], matrix.Counts[2]);
        Assert.Equal(1, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 0));
        Assert.Equal([0.5, 1, 0], matrix.PerClassRecall);
        Assert.Equal([0.5, 0.5, 0], matrix.PerClassPrecision);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(3, 0));
    }

    [Fact]
    public void GetFormattedConfusionTable_NamesOfTheSlots_AreShown()
    {
        string table = _ml.MulticlassClassification.Evaluate(Scored("no", "yes", "often")).ConfusionMatrix.GetFormattedConfusionTable();

        string[] lines = [.. table.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))];
        Assert.Contains("Confusion table", lines);
        Assert.Contains("PREDICTED || no | yes | often | Recall", lines);
        Assert.Contains(lines, line => line.StartsWith("no || 1 | 1 | 0 | 0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Precision ||", StringComparison.Ordinal));
    }

    [Fact]
    public void GetFormattedConfusionTable_LongNames_StandBesideTheRowsWithNumbers()
    {
        string table = _ml.MulticlassClassification.Evaluate(Scored("negative", "neutral", "positive")).ConfusionMatrix.GetFormattedConfusionTable();

        string[] lines = [.. table.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))];
        Assert.Contains("PREDICTED || 0 | 1 | 2 | Recall", lines);
        Assert.Contains(lines, line => line.StartsWith("0. negative || 1 | 1 | 0 |", StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluate_EqualScores_TheFirstOfThemWins()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(
        [
            new Example { Label = 0, Score = [0.4f, 0.4f, 0.2f] },
            new Example { Label = 1, Score = [0.4f, 0.4f, 0.2f] },
            new Example { Label = 1, Score = [0.2f, 0.4f, 0.4f] },
        ]);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(data, topKPredictionCount: 2);

        Assert.Equal(2 / 3.0, metrics.MicroAccuracy, Tolerance);
        Assert.Equal(1, metrics.TopKAccuracy, Tolerance);
        Assert.Equal([1, 1, 0], metrics.ConfusionMatrix.Counts[1]);
    }

    [Fact]
    public void Evaluate_ClassWithoutExamples_IsLeftOutOfTheMacroAccuracy()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Examples[..3]);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(data);

        Assert.Equal(2 / 3.0, metrics.MicroAccuracy, Tolerance);
        Assert.Equal((1 / 2.0 + 1) / 2, metrics.MacroAccuracy, Tolerance);
        Assert.Equal(0, metrics.PerClassLogLoss[2]);
    }

    [Fact]
    public void Evaluate_ScoresThatAreNotFinite_AreLeftOut()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([Examples[0], new Example { Label = 1, Score = [float.NaN, 1, 0] }]);

        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(data).MicroAccuracy);
    }

    [Fact]
    public void Evaluate_NoTopK_GivesZero()
    {
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(Scored());

        Assert.Equal(0, metrics.TopKAccuracy);
        Assert.Equal(0, metrics.TopKPredictionCount);
    }

    [Fact]
    public void Evaluate_ColumnsThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(Scored(), labelColumnName: "Other"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(Scored(), scoreColumnName: "PredictedLabel"));
    }

    [Fact]
    public void CrossValidate_Folds_ScoreTheRowsThatTheyDidNotSee()
    {
        IDataView data = Scored();
        IDataView many = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => Examples[i % 4]).ToArray(), data.Schema);
        var estimator = _ml.Transforms.CopyColumns("Copy", "Label");

        var folds = _ml.MulticlassClassification.CrossValidate(many, estimator, numberOfFolds: 3, seed: 1);

        Assert.Equal([0, 1, 2], folds.Select(fold => fold.Fold));
        Assert.Equal(60, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<uint>("Copy").Count()));
        Assert.Equal(60, folds.Sum(fold => fold.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum())));
        Assert.All(folds, fold => Assert.NotNull(fold.Model));
    }

    private static Example[] Examples =>
    [
        new() { Label = 0, Score = [0.7f, 0.2f, 0.1f] },
        new() { Label = 0, Score = [0.3f, 0.6f, 0.1f] },
        new() { Label = 1, Score = [0.1f, 0.8f, 0.1f] },
        new() { Label = 2, Score = [0.4f, 0.4f, 0.2f] },
        new() { Label = 9, Score = [0.9f, 0.1f, 0.0f] },
    ];

    private IDataView Scored(params string[] names)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Example));
        if (names.Length > 0)
        {
            ReadOnlyMemory<char>[] values = [.. names.Select(name => name.AsMemory())];
            definition["Score"].AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(3, values), new VectorDataViewType(TextDataViewType.Instance, 3));
        }

        return _ml.Data.LoadFromEnumerable(Examples, definition);
    }

    private sealed class Example
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }
    }
}
