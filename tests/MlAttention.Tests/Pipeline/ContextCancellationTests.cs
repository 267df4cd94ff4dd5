using System.Reflection;
using Microsoft.ML;

namespace MlAttention.Tests.Pipeline;

/// <summary>MLContext.CancelExecution is internal: AutoML calls it, and what it stops must stop.</summary>
public class ContextCancellationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Fit_ContextCancelled_Stops()
    {
        var cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var progress = new AtEpoch(3, () => cancel.Invoke(_ml, null));
        var options = TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Epochs = 100_000, Patience = 0, Progress = progress } };

        Assert.Throws<OperationCanceledException>(() => TinyTexts.Pipeline(_ml, options).Fit(TinyTexts.Data(_ml, 53)));
    }

    private sealed class AtEpoch(int epoch, Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch?.Epoch == epoch) act();
        }
    }
}
