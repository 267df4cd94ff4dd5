namespace MlAttention;

/// <summary>How well objects are found: average precision, and its mean over classes.</summary>
/// <remarks>
/// Candidates of a class, the surest first: each takes the object of its image and class that it overlaps most; it is right when that
/// overlap reaches the threshold and no surer one has taken the object. Precision after k candidates is the share of right ones, recall the share
/// of objects found. AP = Σ (recall_k - recall_(k-1)) · (highest precision at this recall or a higher one): the area under the curve.
/// Source: Everingham et al. 2010, section 4.2 (PASCAL VOC), with the area over all points as since 2010.
/// </remarks>
public static class AveragePrecision
{
    /// <summary>The mean over the classes that occur of their average precision.</summary>
    /// <param name="candidates">Of each image, in any order (<see cref="Detections.Candidates"/>).</param>
    /// <param name="truth">The objects of each image.</param>
    /// <param name="iou">The least intersection over union with which an object counts as found.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The numbers of images differ, or no image has an object.</exception>
    public static double Mean(IReadOnlyList<IReadOnlyList<DetectedObject>> candidates, IReadOnlyList<IReadOnlyList<ImageObject>> truth, double iou = 0.5)
    {
        Require(candidates, truth, iou);
        int[] classes = [.. truth.SelectMany(objects => objects).Select(target => target.Class).Distinct()];
        if (classes.Length == 0) throw new ArgumentException("truth has no object: of none there is no precision.", nameof(truth));
        return classes.Average(ofClass => OfClass(ofClass, candidates, truth, iou));
    }

    /// <summary>The average precision of one class.</summary>
    /// <param name="ofClass">The class, from 0; at least one image has an object of it.</param>
    /// <param name="candidates">Of each image, in any order.</param>
    /// <param name="truth">The objects of each image.</param>
    /// <param name="iou">The least intersection over union with which an object counts as found.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The numbers of images differ, or no image has an object of the class.</exception>
    public static double OfClass(int ofClass, IReadOnlyList<IReadOnlyList<DetectedObject>> candidates, IReadOnlyList<IReadOnlyList<ImageObject>> truth, double iou = 0.5)
    {
        Require(candidates, truth, iou);
        var objects = truth.Sum(ofImage => ofImage.Count(target => target.Class == ofClass));
        if (objects == 0) throw new ArgumentException($"truth has no object of class {ofClass}: of none there is no precision.", nameof(ofClass));
        var ranked = candidates.SelectMany((ofImage, image) => ofImage.Select(candidate => (Image: image, Candidate: candidate)))
            .Where(pair => pair.Candidate.Class == ofClass).OrderByDescending(pair => pair.Candidate.Score).ToArray();
        var taken = truth.Select(ofImage => new bool[ofImage.Count]).ToArray();
        bool[] isRight = [.. ranked.Select(pair => Takes(pair.Candidate, truth[pair.Image], taken[pair.Image], iou))];

        var (area, highest, right) = (0.0, 0.0, isRight.Count(one => one));
        for (var k = isRight.Length; k > 0; k--)
        {
            highest = Math.Max(highest, (double)right / k);
            if (!isRight[k - 1]) continue;
            area += highest / objects;
            right--;
        }
        return area;
    }

    private static bool Takes(DetectedObject candidate, IReadOnlyList<ImageObject> objects, bool[] taken, double iou)
    {
        var (best, overlap) = (-1, iou);
        for (var i = 0; i < objects.Count; i++)
        {
            if (objects[i].Class != candidate.Class || objects[i].Box.Iou(candidate.Box) is var found && found < overlap) continue;
            (best, overlap) = (i, found);
        }
        if (best < 0 || taken[best]) return false;
        return taken[best] = true;
    }

    private static void Require(IReadOnlyList<IReadOnlyList<DetectedObject>> candidates, IReadOnlyList<IReadOnlyList<ImageObject>> truth, double iou)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(truth);
        if (candidates.Count != truth.Count) throw new ArgumentException($"candidates are of {candidates.Count} images, truth of {truth.Count}.", nameof(candidates));
        if (iou is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(iou), iou, "The least overlap must be greater than 0, to 1.");
    }
}
