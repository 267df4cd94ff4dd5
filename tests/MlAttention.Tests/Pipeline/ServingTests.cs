using Microsoft.ML;

namespace MlAttention.Tests.Pipeline;

public class ServingTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Scaled scores run on the managed engine; additive ones on TorchSharp, which takes some forty times as long a row.</summary>
    [Theory]
    [InlineData(ScoreFunction.ScaledDotProduct, 10_000)]
    [InlineData(ScoreFunction.Additive, 500)]
    public void Predict_ManyEnginesAndThreads_GivesTheSerialScores(ScoreFunction score, int count)
    {
        var options = TinyTexts.Classifier with { Score = score };
        var model = TinyTexts.Pipeline(_ml, options).Fit(TinyTexts.Data(_ml, 53));
        var rows = TinyTexts.Rows(97, seed: 3);
        using var serial = Engine(model);
        var expected = rows.Select(row => serial.Predict(row).Score).ToArray();
        var wrong = 0;

        var threads = Enumerable.Range(0, 8).Select(thread => new Thread(() =>
        {
            using var mine = Engine(model);
            for (var i = 0; i < count; i++)
            {
                var row = (i * 7 + thread) % rows.Length;
                if (!mine.Predict(rows[row]).Score.AsSpan().SequenceEqual(expected[row])) Interlocked.Increment(ref wrong);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

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

    private PredictionEngine<TinyTexts.Row, TinyTexts.Prediction> Engine(ITransformer model) =>
        _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });
}
