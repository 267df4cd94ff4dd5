namespace MlAttention;

/// <summary>
/// The loss of a set of predictions: each object is matched to the query that suits it best, no two to the same, and every query learns
/// to say what it was matched to, or that it has no object. So no order of objects is needed, and no rule that removes double finds.
/// </summary>
/// <remarks>
/// Matching of each image, without gradient: the pairs (query q, object o) of the lowest sum of
/// cost(q, o) = -wc p_q(class_o) + wd |b_q - b_o|₁ - wo GIoU(b_q, b_o).
/// Loss = wc CE + wd (1/N) Σ |b_q - b_o|₁ + wo (1/N) Σ (1 - GIoU(b_q, b_o)), the sums over the N matched pairs of the batch;
/// CE is the mean over all queries, weighted by 1 with an object and by the weight of none without.
/// Runs on TorchSharp alone. Source: Carion et al. 2020, section 3.1, equations 1 and 2, and appendix A.2.
/// </remarks>
public sealed class SetLoss
{
    private readonly SetLossOptions _options;

    /// <summary>Creates the loss.</summary>
    /// <param name="options">The weights; null for DETR's.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public SetLoss(SetLossOptions? options = null)
    {
        _options = options ?? new();
        _options.Validate();
    }

    /// <summary>The loss and its parts.</summary>
    /// <param name="predicted">Predictions of B images.</param>
    /// <param name="truth">The objects of each of these images.</param>
    /// <exception cref="ArgumentException">A shape does not fit, an image has more objects than there are queries, or a class or box is none.</exception>
    public SetLossResult Of(Detections predicted, IReadOnlyList<IReadOnlyList<ImageObject>> truth)
    {
        var matches = Match(predicted, truth);
        using var scope = NewDisposeScope();
        var (queries, noObject) = ((int)predicted.Logits.shape[1], predicted.Classes);
        var classes = new long[truth.Count * queries];
        Array.Fill(classes, noObject);
        var pairs = new List<(long Place, ImageObject Object)>();
        for (var image = 0; image < truth.Count; image++)
            foreach (var (target, query) in truth[image].Zip(matches[image]))
            {
                classes[image * queries + query] = target.Class;
                pairs.Add((image * queries + query, target));
            }

        var like = predicted.Logits;
        var classWeights = ones(noObject + 1, like.dtype, like.device);
        classWeights[noObject] = tensor(_options.NoObjectWeight, like.dtype, like.device);
        var crossEntropy = nn.functional.cross_entropy(like.flatten(0, 1), tensor(classes, device: like.device), classWeights);
        var boxes = predicted.Boxes.flatten(0, 1).index_select(0, tensor(pairs.Select(pair => pair.Place).ToArray(), device: like.device)); // [N,4]
        var trueBoxes = BoxesOf([.. pairs.Select(pair => pair.Object)], like);                                                             // [N,4]
        var share = Number(1.0 / Math.Max(1, pairs.Count));
        var distance = (boxes - trueBoxes).abs().sum() * share;
        var overlap = BoxTensors.GeneralizedIou(boxes, trueBoxes).neg().Plus(1).sum() * share;
        var total = (crossEntropy * Number(_options.ClassWeight)).Plus(distance * Number(_options.DistanceWeight)).Plus(overlap * Number(_options.OverlapWeight));
        return new(total.MoveToOuterDisposeScope(), crossEntropy.MoveToOuterDisposeScope(), distance.MoveToOuterDisposeScope(), overlap.MoveToOuterDisposeScope(), matches);
    }

    /// <summary>The query of each object of each image: the matching of the lowest cost.</summary>
    /// <inheritdoc cref="Of"/>
    public IReadOnlyList<int[]> Match(Detections predicted, IReadOnlyList<IReadOnlyList<ImageObject>> truth)
    {
        Require(predicted, truth);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (images, queries, most) = (truth.Count, (int)predicted.Logits.shape[1], truth.Select(objects => objects.Count).DefaultIfEmpty(0).Max());
        if (most == 0) return [.. truth.Select(_ => Array.Empty<int>())];

        // Images with fewer objects than the most have empty ones behind their own, which are not matched.
        ImageObject[] padded = [.. truth.SelectMany(objects => objects.Concat(Enumerable.Repeat(new ImageObject(0, default), most - objects.Count)))];
        var like = predicted.Logits;
        var classes = tensor(padded.Select(target => (long)target.Class).ToArray(), [images, 1, most], device: like.device).expand(-1, queries, -1); // [B,Q,O]
        var probability = like.softmax(-1).gather(2, classes);
        var (boxes, trueBoxes) = (predicted.Boxes.unsqueeze(2), BoxesOf(padded, like).view(images, 1, most, 4));                                    // [B,Q,1,4], [B,1,O,4]
        var distance = (boxes - trueBoxes).abs().sum(-1);                                                                                           // [B,Q,O]
        var costs = (distance * Number(_options.DistanceWeight) - probability * Number(_options.ClassWeight) - BoxTensors.GeneralizedIou(boxes, trueBoxes) * Number(_options.OverlapWeight)).to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        return [.. truth.Select((objects, image) => HungarianMatching.Match(OfImage(image, objects.Count)))];

        double[,] OfImage(int image, int objects)
        {
            var ofImage = new double[queries, objects];
            for (var q = 0; q < queries; q++)
                for (var o = 0; o < objects; o++) ofImage[q, o] = costs[(image * queries + q) * most + o];
            return ofImage;
        }
    }

    private static Tensor BoxesOf(ImageObject[] objects, Tensor like) =>
        tensor([.. objects.SelectMany(target => new[] { target.Box.CentreX, target.Box.CentreY, target.Box.Width, target.Box.Height })], [objects.Length, 4], dtype: like.dtype, device: like.device);

    private static void Require(Detections predicted, IReadOnlyList<IReadOnlyList<ImageObject>> truth)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(truth);
        predicted.Require();
        if (predicted.Logits.shape[0] != truth.Count)
            throw new ArgumentException($"truth has the objects of {truth.Count} images; the predictions are of {predicted.Logits.shape[0]}.", nameof(truth));
        for (var image = 0; image < truth.Count; image++)
        {
            if (truth[image].Count > predicted.Logits.shape[1])
                throw new ArgumentException($"Image {image} has {truth[image].Count} objects; the predictions have {predicted.Logits.shape[1]} queries, and each object needs one of its own. Use more queries.", nameof(truth));
            foreach (var (target, i) in truth[image].Select((target, i) => (target, i)))
            {
                if (target.Class < 0 || target.Class >= predicted.Classes)
                    throw new ArgumentException($"Object {i} of image {image} has class {target.Class}; classes are from 0 to {predicted.Classes - 1}.", nameof(truth));
                var box = target.Box;
                if (!(box.Width > 0 && box.Height > 0 && double.IsFinite(box.CentreX + box.CentreY + box.Width + box.Height)))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Object {i} of image {image} has the box {box}: width and height must be greater than 0, and all four numbers finite."), nameof(truth));
            }
        }
    }
}

/// <summary>The loss of a batch, for its backward pass, and what it is made of.</summary>
/// <param name="Total">The weighted sum of the parts.</param>
/// <param name="CrossEntropy">Of the classes, "no object" among them.</param>
/// <param name="Distance">Mean distance |b - b'|₁ of matched boxes.</param>
/// <param name="Overlap">Mean 1 - GIoU of matched boxes: 0 when all are exact.</param>
/// <param name="Matches">The query of each object of each image.</param>
public sealed record SetLossResult(Tensor Total, Tensor CrossEntropy, Tensor Distance, Tensor Overlap, IReadOnlyList<int[]> Matches);
