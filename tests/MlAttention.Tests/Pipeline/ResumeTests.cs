using Microsoft.ML;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>A run that was stopped goes on in another process, whose MLContext draws other seeds.</summary>
public sealed class ResumeTests
{
    [Fact]
    public void Fit_ResumeInAContextWithoutSeed_GoesOnWithTheCheckpointsSeed()
    {
        using var folder = new TemporaryFolder();
        var options = TinyTexts.Classifier.Training with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 1, Keep = 100 }, ResumeFrom = folder.Path };
        var whole = Fit(options);
        foreach (string checkpoint in Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Skip(5)) File.Delete(checkpoint);
        var log = new List<string>();

        var resumed = Fit(options, log);

        Assert.Equal(whole.Weights.Select(weight => weight.Values), resumed.Weights.Select(weight => weight.Values));
        Assert.Contains(log, line => line.StartsWith("Resumed from", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("Seed: ", StringComparison.Ordinal) && line.EndsWith(", the checkpoint's.", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ResumeWithAnotherSeed_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var options = TinyTexts.Classifier.Training with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 1 }, ResumeFrom = folder.Path, Seed = 1 };
        Fit(options);

        Assert.Throws<ArgumentException>(() => Fit(options with { Seed = 2 }));
    }

    private static AttentionClassifierModel Fit(TrainingOptions options, List<string>? log = null)
    {
        var ml = new MLContext();
        ml.Log += (_, message) => log?.Add(message.RawMessage);
        return TinyTexts.Preparation(ml).Append(ml.Attention().Classifier(TinyTexts.Classifier with { Training = options })).Fit(TinyTexts.Data(ml, 53)).LastTransformer.Model;
    }
}
