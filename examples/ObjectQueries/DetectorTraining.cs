using static TorchSharp.torch;

namespace MlAttention.Examples.ObjectQueries;

/// <summary>What is trained, and how long.</summary>
public sealed record TrainingSettings(PatchPositions Positions, int Steps)
{
    public const int BatchImages = 16;

    /// <summary>The seed of the first weights and of the images to learn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Keeps weights, optimizer and step here when training is cancelled, and goes on from there; null for neither.</summary>
    public string? Checkpoint { get; init; }
}

/// <summary>Trains the detector with the set loss at every layer of its decoder.</summary>
public static class DetectorTraining
{
    private static readonly SequenceModelOptions _encoder = new() { ModelWidth = 64, Heads = 4, Layers = 2, FeedForwardWidth = 128, Activation = ActivationKind.Relu, Dropout = 0, MaxLength = ShapeDetector.Patches * ShapeDetector.Patches };
    private static readonly OptimizerOptions _optimizer = new() { LearningRate = 1e-3, WarmupFraction = 0.05, WeightDecay = 0, Beta2 = 0.99 };
    private static readonly SetLossOptions _loss = new() { NoObjectWeight = 0.4 }; // of six queries about two have an object, of DETR's hundred few
    private const int DecoderLayers = 2;

    /// <summary>A detector with its first weights, which follow from the seed.</summary>
    public static ShapeDetector NewDetector(TrainingSettings settings)
    {
        manual_seed(settings.Seed);
        return new(settings.Positions, _encoder, DecoderLayers);
    }

    /// <summary>The trained detector. The images of a step follow from its number, so that a training that goes on sees what it would have seen.</summary>
    /// <param name="settings">What is trained.</param>
    /// <param name="report">Told the loss of each step.</param>
    /// <param name="cancellation">Ends the training after a step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled, and kept what it has where the settings say.</exception>
    public static ShapeDetector Run(TrainingSettings settings, Action<int, double>? report = null, CancellationToken cancellation = default)
    {
        var detector = NewDetector(settings);
        var optimizer = new ModuleOptimizer(detector, _optimizer, settings.Steps);
        if (File.Exists(settings.Checkpoint)) optimizer.Load(settings.Checkpoint);
        var loss = new SetLoss(_loss);
        while (optimizer.Taken < settings.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                if (settings.Checkpoint is { } file) optimizer.Save(file);
                throw new OperationCanceledException($"Cancelled after {optimizer.Taken} of {settings.Steps} steps.", cancellation);
            }
            using var scope = NewDisposeScope();
            var (images, objects) = ShapeImages.Batch(settings.Seed, optimizer.Taken * TrainingSettings.BatchImages, TrainingSettings.BatchImages);
            Tensor[] losses = [.. detector.AtEachLayer(images).Select(layer => loss.Of(layer, objects).Total)];
            stack(losses).sum().backward();
            if (!double.IsFinite(optimizer.Step())) throw new InvalidOperationException($"Training has diverged in step {optimizer.Taken + 1}. Lower the learning rate.");
            report?.Invoke(optimizer.Taken, losses[^1].item<float>());
        }
        if (settings.Checkpoint is { } done) File.Delete(done);
        return detector;
    }
}
