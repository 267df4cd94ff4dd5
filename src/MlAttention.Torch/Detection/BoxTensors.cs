namespace MlAttention;

/// <summary>Boxes as tensors: overlaps with gradients.</summary>
/// <remarks>Shapes: boxes [..,4] of (centre x, centre y, width, height); two tensors of boxes broadcast, and the result has no last dimension.</remarks>
public static class BoxTensors
{
    private const double SmallestArea = 1e-12; // so that two boxes without area are 0/1 and not 0/0

    /// <summary>Intersection over union of each pair: A∩B / A∪B.</summary>
    /// <param name="first">Boxes [..,4].</param>
    /// <param name="second">Boxes [..,4].</param>
    /// <exception cref="ArgumentException">The last dimension is not 4.</exception>
    public static Tensor Iou(Tensor first, Tensor second)
    {
        Require(nameof(first), first);
        Require(nameof(second), second);
        using var scope = NewDisposeScope();
        var (shared, union, _) = Areas(first, second);
        return (shared / NotZero(union)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Generalised intersection over union of each pair, from -1 (far apart) to 1 (equal): unlike the plain one it also tells by how much
    /// boxes miss each other, so that its gradient pulls them together.
    /// </summary>
    /// <remarks>GIoU = IoU - (E - A∪B) / E, with E the smallest box around both. Source: Rezatofighi et al. 2019, algorithm 1.</remarks>
    /// <inheritdoc cref="Iou"/>
    public static Tensor GeneralizedIou(Tensor first, Tensor second)
    {
        Require(nameof(first), first);
        Require(nameof(second), second);
        using var scope = NewDisposeScope();
        var (shared, union, enclosing) = Areas(first, second);
        return (shared / NotZero(union) - (enclosing - union) / NotZero(enclosing)).MoveToOuterDisposeScope();
    }

    private static (Tensor Shared, Tensor Union, Tensor Enclosing) Areas(Tensor first, Tensor second)
    {
        var (left, top, right, bottom) = Edges(first);
        var (otherLeft, otherTop, otherRight, otherBottom) = Edges(second);
        var shared = (minimum(right, otherRight) - maximum(left, otherLeft)).relu() * (minimum(bottom, otherBottom) - maximum(top, otherTop)).relu();
        var union = ((right - left) * (bottom - top)).Plus((otherRight - otherLeft) * (otherBottom - otherTop)) - shared;
        var enclosing = (maximum(right, otherRight) - minimum(left, otherLeft)) * (maximum(bottom, otherBottom) - minimum(top, otherTop));
        return (shared, union, enclosing);
    }

    private static (Tensor Left, Tensor Top, Tensor Right, Tensor Bottom) Edges(Tensor boxes)
    {
        var parts = boxes.unbind(-1);                                                    // centre x, centre y, width, height
        var (halfWidth, halfHeight) = (parts[2] * Number(0.5), parts[3] * Number(0.5));
        return (parts[0] - halfWidth, parts[1] - halfHeight, parts[0].Plus(halfWidth), parts[1].Plus(halfHeight));
    }

    private static Tensor NotZero(Tensor area) => area.clamp_min(Number(SmallestArea));

    private static void Require(string name, Tensor boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes, name);
        if (boxes.dim() == 0 || boxes.shape[^1] != 4)
            throw new ArgumentException($"{name} must have shape [..,4]; got {ShapeText.Of(boxes)}. A box is its centre's x and y, its width and its height.", name);
    }
}
