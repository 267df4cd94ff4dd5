namespace MlAttention;

/// <summary>Reads from each decoded object query which object it has found: a class, or none, and a box.</summary>
/// <remarks>
/// logits = class_embed(y); boxes = sigmoid(bbox_embed(y)), bbox_embed three linear layers with relu between them.
/// Shapes: y [B,Q,D] -> logits [B,Q,C+1], boxes [B,Q,4]. Parameters: class_embed.*, bbox_embed.0.*, bbox_embed.2.*, bbox_embed.4.*.
/// Runs on TorchSharp alone. Source: Carion et al. 2020, section 3.2 (prediction feed-forward networks).
/// </remarks>
public sealed class DetectionHead : nn.Module<Tensor, Detections>
{
    [ComponentName(Name = "class_embed")] private readonly Linear _class;
    [ComponentName(Name = "bbox_embed")] private readonly Sequential _box;
    private readonly int _width;

    /// <summary>Creates the head with PyTorch's initial weights of linear layers.</summary>
    /// <param name="modelWidth">Width D of the decoded queries; at least 1.</param>
    /// <param name="classes">Number of classes C, "no object" not counted; at least 1.</param>
    public DetectionHead(int modelWidth, int classes) : base(nameof(DetectionHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modelWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _width = modelWidth;
        _class = nn.Linear(modelWidth, classes + 1);
        _box = nn.Sequential(nn.Linear(modelWidth, modelWidth), nn.ReLU(), nn.Linear(modelWidth, modelWidth), nn.ReLU(), nn.Linear(modelWidth, 4));
        RegisterComponents();
    }

    /// <summary>What each query has found.</summary>
    /// <param name="decoded">A decoder's output, [B,Q,D].</param>
    /// <exception cref="ArgumentException">The shape does not fit, or a number is NaN.</exception>
    public override Detections forward(Tensor decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        TensorChecks.RequireLayerInput(nameof(decoded), decoded, "B,Q,D", _width);
        using var scope = NewDisposeScope();
        return new(_class.call(decoded).MoveToOuterDisposeScope(), _box.call(decoded).sigmoid().MoveToOuterDisposeScope());
    }
}
