using MlAttention.Core.Sequences;
using MlAttention.Core.Training;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Training;

/// <summary>Measures the memory of the process, so no other test may run beside these.</summary>
[Collection(nameof(MemoryTests))]
public class NativeMemoryTests
{
    private const int Vocabulary = 100_000, Runs = 8;
    private const long EmbeddingBytes = Vocabulary * 64L * sizeof(float);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_CancelledOrDiverged_FreesItsNativeMemory(bool isCancelled)
    {
        Stop(isCancelled);
        var before = ResidentBytes();

        for (var run = 0; run < Runs; run++) Stop(isCancelled);

        Assert.True(ResidentBytes() - before < Runs * EmbeddingBytes / 2, $"{(ResidentBytes() - before) >> 20} MB more after {Runs} runs");
    }

    private static void Stop(bool isCancelled)
    {
        using var source = new CancellationTokenSource();
        var options = new TrainingOptions
        {
            Compute = new() { Engine = EngineKind.TorchSharp }, BatchSize = 4, ValidationFraction = 0, CancellationToken = source.Token,
            Optimizer = new() { Kind = OptimizerKind.Sgd, LearningRate = isCancelled ? 1e-3 : 1e30, MaxGradientNorm = 0 },
            Progress = isCancelled ? new Canceller(source) : null,
        };
        var builder = new TokenDatasetBuilder(Vocabulary, 2, 9, TruncationSide.KeepStart);
        for (var row = 0; row < 8; row++) builder.Add([row + 1, Vocabulary - row], row % 2);
        var trainer = new SequenceTrainer(new SequenceModelOptions { Layers = 1 }, options, SequenceEngines.Factory);

        if (isCancelled) Assert.Throws<OperationCanceledException>(() => trainer.Train(builder.Build()));
        else Assert.Throws<TrainingDivergedException>(() => trainer.Train(builder.Build()));
    }

    private static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
