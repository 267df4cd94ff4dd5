namespace MlAttention.Ablation.Runs;

/// <summary>Trains and tests one model; what the runner repeats for each setup and seed.</summary>
internal interface IAblationTrainer
{
    /// <summary>Trains the setup with the seed, and predicts the test texts.</summary>
    /// <param name="setup">What to train.</param>
    /// <param name="seed">Fixes dev split, data order and initial weights.</param>
    /// <param name="epochs">Hears of every epoch.</param>
    /// <param name="cancellation">Stops the training.</param>
    AblationRun Train(AblationSetup setup, int seed, IProgress<EpochRecord> epochs, CancellationToken cancellation);
}
