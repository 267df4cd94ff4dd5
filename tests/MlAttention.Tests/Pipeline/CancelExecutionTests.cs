using System.Reflection;
using Microsoft.ML;

namespace MlAttention.Tests.Pipeline;

/// <summary>MLContext.CancelExecution is internal to ML.NET, where AutoML calls it.</summary>
public class CancelExecutionTests
{
    [Fact]
    public void Fit_ExecutionIsCancelled_StopsAtTheNextBatch()
    {
        var ml = new MLContext(seed: 1);
        var cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var steps = new List<int>();
        var training = TinyTexts.Classifier.Training with
        {
            Compute = new() { Engine = EngineKind.Managed }, Epochs = 100_000, Patience = 0, Progress = new Sink(progress =>
            {
                if (steps.Count == 0) cancel.Invoke(ml, null);
                steps.Add(progress.Step);
            }),
        };
        var data = TinyTexts.Preparation(ml).Fit(TinyTexts.Data(ml, 53)).Transform(TinyTexts.Data(ml, 53));

        Assert.ThrowsAny<OperationCanceledException>(() => ml.Attention().Classifier(TinyTexts.Classifier with { Training = training }).Fit(data));

        Assert.True(steps[^1] < 100_000);
    }

    private sealed class Sink(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
