using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>From texts without labels to a classifier, as a pipeline has it.</summary>
public sealed class PretrainEncoderTests
{
    private static readonly PretrainingOptions s_options = new()
    {
        ModelWidth = 16, Layers = 1, Heads = 2, FeedForwardWidth = 23, MaxLength = 16, VocabularySize = 60,
        Training = TrainingOptions.Pretraining with { Epochs = 2, Seed = 3, Compute = new() { Threads = 1 } },
    };

    [Fact]
    public void PretrainEncoder_FileWithoutLabels_StartsAClassifierAndEmbeds()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var attention = ml.Attention();
        string csv = folder.Write("texts.csv", "Text\n" + string.Concat(TinyTexts.Rows(120).Select(row => row.Text + "\n")));

        var encoder = attention.PretrainEncoder(attention.LoadCsv(new CsvOptions { LabelColumn = null }, csv), s_options);
        encoder.SaveHuggingFace(folder.File("encoder"));
        var labelled = TinyTexts.Data(ml, 90, seed: 11);
        var read = PretrainedEncoder.Load(folder.File("encoder"));
        var options = new AttentionClassifierOptions(read);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.PretrainedClassifier(options with { Training = options.Training with { Epochs = 6, Optimizer = options.Training.Optimizer with { LearningRate = 0.003 }, Compute = new() { Threads = 1 } } })).Fit(labelled);
        float[][] vectors = [.. attention.EmbedText("Vector", "Text", read).Fit(labelled).Transform(labelled).GetColumn<float[]>("Vector")];

        Assert.True(encoder.Pretraining!.Perplexity < encoder.Pretraining.PerplexityBefore);
        Assert.True(ml.MulticlassClassification.Evaluate(model.Transform(labelled)).MicroAccuracy > 0.9);
        Assert.All(vectors, vector => Assert.Equal(16, vector.Length));
    }

    [Fact]
    public void PretrainEncoder_Column_IsRequired()
    {
        var ml = new MLContext(seed: 1);
        var data = TinyTexts.Data(ml, 9);

        Assert.Contains("Could not find text column 'Body'", Assert.Throws<ArgumentOutOfRangeException>(() => ml.Attention().PretrainEncoder(data, s_options, "Body")).Message, StringComparison.Ordinal);
        Assert.Contains("expected String, got Single", Assert.Throws<ArgumentOutOfRangeException>(() => ml.Attention().PretrainEncoder(data, s_options, nameof(TinyTexts.Row.Weight))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ml.Attention().PretrainEncoder(data, s_options with { MaskedShare = 0 }));
    }

    [Fact]
    public void PretrainEncoder_ContextWithoutASeed_DrawsOneAndAResumedRunTakesIt()
    {
        using var folder = new TemporaryFolder();
        var options = s_options with { Training = s_options.Training with { Seed = null, Checkpoints = new() { Directory = folder.Path, EverySteps = 2, Keep = 100 }, ResumeFrom = folder.Path } };
        var whole = Run(options);
        foreach (string checkpoint in Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Skip(2)) File.Delete(checkpoint);

        var resumed = Run(options);

        Assert.Equal(whole.Weights.Select(weight => weight.Values), resumed.Weights.Select(weight => weight.Values));
    }

    [Fact]
    public void PretrainEncoder_Cancelled_EndsAndStoppedKeepsTheBest()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = s_options with { Training = s_options.Training with { Progress = new Reports(_ => cancellation.Cancel()), CancellationToken = cancellation.Token, Epochs = 1000 } };
        Assert.ThrowsAny<OperationCanceledException>(() => Run(cancelled));

        var stopped = Run(s_options with { Training = s_options.Training with { Progress = new Reports(progress => progress.Stop()), Epochs = 1000 } }).Pretraining!;
        Assert.InRange(stopped.Perplexities.Count, 1, 999);

        var ended = Run(s_options with { Training = s_options.Training with { MaxDuration = TimeSpan.FromTicks(1), Epochs = 1000 } }).Pretraining!;
        Assert.Equal(1, ended.ChosenEpoch);
    }

    private static PretrainedEncoder Run(PretrainingOptions options)
    {
        var ml = new MLContext();
        return ml.Attention().PretrainEncoder(TinyTexts.Data(ml, 90), options);
    }

    private sealed class Reports(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
