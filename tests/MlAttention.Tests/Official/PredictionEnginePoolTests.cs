using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ML;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Official;

public sealed class PredictionEnginePoolTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    private sealed class Review
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }

    private string ModelPath => _folder.File("model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predict_ManyThreads_GiveTheScoresOfTransform()
    {
        var expected = SaveModel(seed: 1);
        using var services = Services(watch: false);
        var pool = services.GetRequiredService<PredictionEnginePool<TinyTexts.Row, TinyTexts.Prediction>>();
        var rows = TinyTexts.Rows(53);

        Parallel.For(0, 1000, i => Assert.Equal(expected[i % 53], pool.Predict("texts", rows[i % 53]).Score.Select(Rounded)));
    }

    [Fact]
    public void GetModel_ManyThreadsAtFirst_LoadOneModelWithOneWatcher()
    {
        SaveModel(seed: 1);
        using var services = Services(watch: true);
        var options = services.GetRequiredService<IOptionsFactory<PredictionEnginePoolOptions<TinyTexts.Row, TinyTexts.Prediction>>>();
        var loaders = new ModelLoader[16];
        var start = new Barrier(loaders.Length);

        var threads = Enumerable.Range(0, loaders.Length).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            loaders[i] = options.Create("texts").ModelLoader;
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        Assert.Single(loaders.Distinct());
    }

    [Fact]
    public void Dispose_Services_StopsWatching()
    {
        SaveModel(seed: 1);
        ModelLoader loader;
        using (var services = Services(watch: true))
            loader = services.GetRequiredService<IOptionsFactory<PredictionEnginePoolOptions<TinyTexts.Row, TinyTexts.Prediction>>>().Create("texts").ModelLoader;
        var model = loader.GetModel();

        SaveModel(seed: 2);
        Thread.Sleep(500);

        Assert.Same(model, loader.GetModel());
    }

    [Fact]
    public void Predict_FileReplaced_TakesTheNewModelWithoutAWrongScoreBetween()
    {
        var first = SaveModel(seed: 1);
        using var services = Services(watch: true);
        var pool = services.GetRequiredService<PredictionEnginePool<TinyTexts.Row, TinyTexts.Prediction>>();
        var row = TinyTexts.Rows(1)[0];
        Assert.Equal(first[0], pool.Predict("texts", row).Score.Select(Rounded));

        var second = SaveModel(seed: 2);
        Assert.NotEqual(first[0], second[0]);

        float[] scores;
        var deadline = DateTime.UtcNow.AddSeconds(60);
        do
        {
            scores = [.. pool.Predict("texts", row).Score.Select(Rounded)];
            Assert.True(scores.SequenceEqual(first[0]) || scores.SequenceEqual(second[0]));
            Thread.Sleep(20);
        }
        while (!scores.SequenceEqual(second[0]) && DateTime.UtcNow < deadline);

        Assert.Equal(second[0], scores);
    }

    [Fact]
    public void Predict_FileDamaged_KeepsTheLastGoodModel()
    {
        var expected = SaveModel(seed: 1);
        using var services = Services(watch: true);
        var pool = services.GetRequiredService<PredictionEnginePool<TinyTexts.Row, TinyTexts.Prediction>>();
        var row = TinyTexts.Rows(1)[0];
        pool.Predict("texts", row);

        File.WriteAllText(ModelPath, "no model");
        Thread.Sleep(500);

        Assert.Equal(expected[0], pool.Predict("texts", row).Score.Select(Rounded));
    }

    [Fact]
    public void FromAttentionFile_AsTheGuideHasIt_Predicts()
    {
        SaveModel(seed: 1);
        File.Copy(ModelPath, Sample("pool.zip"), overwrite: true);
        var services = new ServiceCollection();

        services.AddPredictionEnginePool<Review, Answer>().FromAttentionFile("reviews", Sample("pool.zip"), watchForChanges: true);

        using var provider = services.BuildServiceProvider();
        Assert.Equal(3, provider.GetRequiredService<PredictionEnginePool<Review, Answer>>().Predict("reviews", new Review { Text = "bark" }).Score.Length);
    }

    [Fact]
    public void FromAttentionFile_MissingOrDamagedFile_SaysSoAtFirstUse()
    {
        File.WriteAllText(ModelPath, "no model");
        using var services = Services(watch: false);

        Assert.ThrowsAny<InvalidDataException>(() => services.GetRequiredService<PredictionEnginePool<TinyTexts.Row, TinyTexts.Prediction>>().Predict("texts", TinyTexts.Rows(1)[0]));
    }

    private ServiceProvider Services(bool watch)
    {
        var services = new ServiceCollection();
        services.AddPredictionEnginePool<TinyTexts.Row, TinyTexts.Prediction>().FromAttentionFile("texts", ModelPath, watch);
        return services.BuildServiceProvider();
    }

    /// <summary>Saves a model over the file, and gives its scores for the rows of <see cref="TinyTexts"/>.</summary>
    private float[][] SaveModel(int seed)
    {
        var data = TinyTexts.Data(_ml, 53);
        var model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Seed = seed } }).Fit(data);
        _ml.Model.Save(model, data.Schema, ModelPath);
        return [.. _ml.Data.CreateEnumerable<TinyTexts.Prediction>(model.Transform(data), reuseRowObject: false).Select(prediction => prediction.Score.Select(Rounded).ToArray())];
    }

    /// <summary>Batches of another size may round the last bits of a sum differently.</summary>
    private static float Rounded(float score) => MathF.Round(score, 4);
}
