using static TorchSharp.torch;

namespace MlAttention.Examples.ObjectQueries;

/// <summary>How good a detector is on images that it has not seen.</summary>
/// <param name="MeanAveragePrecision">At an intersection over union of 0.5.</param>
/// <param name="RightClasses">Share of the objects whose query says their class.</param>
/// <param name="Overlap">Mean intersection over union of the objects' boxes and those of their queries.</param>
/// <param name="CountError">By how many objects an image's number of found ones is wrong, on average.</param>
public sealed record Measures(double MeanAveragePrecision, double RightClasses, double Overlap, double CountError)
{
    /// <summary>The seed of the images that no detector learns from; those of seed 2 served to choose the settings.</summary>
    public const int TestSeed = 3;

    /// <summary>Measures a detector. Each object's query is the one that the cheapest matching gives it.</summary>
    public static Measures Of(ShapeDetector detector, int images)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        detector.eval();
        var (pixels, truth) = ShapeImages.Batch(TestSeed, 0, images);
        var found = detector.call(pixels);
        var (candidates, objects) = (found.Candidates(), found.Objects());
        var matches = new SetLoss().Match(found, truth);
        var pairs = truth.SelectMany((ofImage, image) => ofImage.Select((target, i) => (Target: target, Query: matches[image][i], Image: image))).ToArray();
        return new(
            AveragePrecision.Mean(candidates, truth),
            pairs.Average(pair => objects[pair.Image].Any(one => one.Query == pair.Query && one.Class == pair.Target.Class) ? 1.0 : 0),
            pairs.Average(pair => candidates[pair.Image][pair.Query].Box.Iou(pair.Target.Box)),
            objects.Zip(truth).Average(pair => Math.Abs(pair.First.Count - pair.Second.Count)));
    }
}
