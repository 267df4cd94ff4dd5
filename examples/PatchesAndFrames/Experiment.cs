using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Examples.PatchesAndFrames;

/// <summary>Trains a small model on synthetic data, and measures it on data it has not seen.</summary>
public static class Experiment
{
    private const int BatchRows = 32, TestRows = 500;
    private const double LearningRate = 3e-3;

    private static readonly SequenceModelOptions _small = new() { ModelWidth = 16, Heads = 2, Layers = 2, FeedForwardWidth = 32, MaxLength = 16, Dropout = 0 };

    /// <summary>Accuracy of a small vision transformer that has to say in which quadrant a bright patch lies; chance is 1/4.</summary>
    public static double BrightPatch(PositionScheme positions, int steps) =>
        Run(new BrightPatchImages(), new EmbedPatches(1, BrightPatchImages.PatchSize, _small.ModelWidth), _small with { Positions = positions }, steps);

    /// <summary>Accuracy of truncated self-attention over stacked frames that has to say which tone sounds first; chance is 1/2.</summary>
    public static double TwoTones(PositionScheme positions, int steps) =>
        Run(new TwoToneFrames(), new EmbedFrames(TwoToneFrames.Features, _small.ModelWidth, TwoToneFrames.FramesPerToken, TwoToneFrames.FramesPerToken),
            _small with { Positions = positions, Mask = MaskKind.LocalWindow, WindowRadius = 4, Algorithm = AttentionAlgorithm.LocalWindow }, steps);

    private static double Run(ISyntheticData data, nn.Module<Tensor, Tensor> embedding, SequenceModelOptions options, int steps)
    {
        using var scope = NewDisposeScope();
        using var model = new SequenceModel(embedding, options, data.Classes);
        using var optimizer = optim.Adam(model.parameters(), LearningRate);
        var random = new Random(1);
        for (int step = 0; step < steps; step++)
        {
            using var stepScope = NewDisposeScope();
            var (inputs, labels) = data.Batch(random, BatchRows);
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(inputs), labels).backward();
            optimizer.step();
        }

        using var noGradients = no_grad();
        model.eval();
        var (testInputs, testLabels) = data.Batch(random, TestRows);
        return model.call(testInputs).argmax(1).eq(testLabels).to(ScalarType.Float32).mean().ToDouble();
    }
}
