using Microsoft.ML;
using MlAttention.Engines;

namespace MlAttention.Tests.Pipeline;

public class ServingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(EngineKind.Auto)]
    [InlineData(EngineKind.TorchSharp)]
    public void Predict_ManyEnginesAndThreads_GivesTheSerialScores(EngineKind engine)
    {
        var options = TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Engine = engine } };
        var model = TinyTexts.Pipeline(_ml, options).Fit(TinyTexts.Data(_ml, 53));
        var rows = TinyTexts.Rows(97, seed: 3);
        using var serial = Engine(model);
        var expected = rows.Select(row => serial.Predict(row).Score).ToArray();
        var wrong = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            using var mine = Engine(model);
            for (var i = 0; i < 300; i++)
            {
                var row = (i * 7 + thread) % rows.Length;
                if (!mine.Predict(rows[row]).Score.AsSpan().SequenceEqual(expected[row])) Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Dispose_OneEngine_LeavesTheModelToTheOthers()
    {
        var model = TinyTexts.Pipeline(_ml).Fit(TinyTexts.Data(_ml, 53));
        var row = TinyTexts.Rows(1)[0];
        using var second = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model);
        var first = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model);
        var expected = first.Predict(row).Score;

        first.Dispose();

        Assert.Equal(expected, second.Predict(row).Score);
    }

    [Fact]
    public void CrossValidate_Pipeline_GivesMetricsOfEveryFold()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(TinyTexts.Data(_ml, 157), TinyTexts.Preparation(_ml).Append(_ml.Attention().Classifier(TinyTexts.Classifier)), numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.LogLoss, 0.01, 1.5));
    }

    private PredictionEngine<TinyTexts.Row, TinyTexts.Prediction> Engine(ITransformer model) =>
        _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });
}
