namespace MlAttention;

/// <summary>What a detector says of a batch of images: for each query a class, or none, and a box.</summary>
/// <param name="Logits">Scores of the C classes and, last, of "no object", [B,Q,C+1].</param>
/// <param name="Boxes">(centre x, centre y, width, height) in shares of the image, [B,Q,4].</param>
public sealed record Detections(Tensor Logits, Tensor Boxes)
{
    /// <summary>The number of classes C.</summary>
    public int Classes => (int)Logits.shape[^1] - 1;

    /// <summary>The found objects of each image: of the queries for which a class is more probable than "no object".</summary>
    public IReadOnlyList<IReadOnlyList<DetectedObject>> Objects() => Read(onlyObjects: true);

    /// <summary>The most probable class and the box of every query, whatever "no object" says: what average precision ranks by score.</summary>
    public IReadOnlyList<IReadOnlyList<DetectedObject>> Candidates() => Read(onlyObjects: false);

    internal void Require()
    {
        if (Logits.dim() != 3 || Logits.shape[2] < 2)
            throw new ArgumentException($"Logits must have shape [B,Q,C+1]; got {ShapeText.Of(Logits)}. The last class is \"no object\".");
        if (!Boxes.shape.SequenceEqual([Logits.shape[0], Logits.shape[1], 4]))
            throw new ArgumentException($"Boxes must have shape [B,Q,4]={ShapeText.Of(Logits.shape[0], Logits.shape[1], 4)}; got {ShapeText.Of(Boxes)}. Each query has one box.");
        TensorChecks.RequireNumbers(nameof(Logits), Logits);
        TensorChecks.RequireNumbers(nameof(Boxes), Boxes);
    }

    private List<IReadOnlyList<DetectedObject>> Read(bool onlyObjects)
    {
        Require();
        using var scope = NewDisposeScope();
        var (images, queries, classes) = (Logits.shape[0], (int)Logits.shape[1], Classes);
        var (probabilities, boxes) = (Logits.softmax(-1).ToFloats(), Boxes.ToFloats());
        var found = new List<IReadOnlyList<DetectedObject>>();
        for (var image = 0; image < images; image++)
        {
            var ofImage = new List<DetectedObject>();
            for (var query = 0; query < queries; query++)
            {
                var place = image * queries + query;
                var scores = probabilities.AsSpan(place * (classes + 1), classes + 1);
                var best = scores[..classes].IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(scores[..classes]));
                if (onlyObjects && scores[best] < scores[classes]) continue;
                var box = boxes.AsSpan(place * 4, 4);
                ofImage.Add(new(best, new(box[0], box[1], box[2], box[3]), scores[best], query));
            }
            found.Add(ofImage);
        }
        return found;
    }
}
