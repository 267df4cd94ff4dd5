using MlAttention.Core.Validation;

namespace MlAttention;

/// <summary>What counts how much when predictions are matched to objects, and in the loss of the matched pairs. The defaults are DETR's.</summary>
public sealed record SetLossOptions
{
    /// <summary>Weight of the class: of its probability in matching, of its cross entropy in the loss.</summary>
    /// <value>0 or more; default 1.</value>
    public double ClassWeight { get; init; } = 1;

    /// <summary>Weight of the distance of boxes, |dx| + |dy| + |dw| + |dh|.</summary>
    /// <value>0 or more; default 5.</value>
    public double DistanceWeight { get; init; } = 5;

    /// <summary>Weight of the generalised intersection over union.</summary>
    /// <value>0 or more; default 2.</value>
    public double OverlapWeight { get; init; } = 2;

    /// <summary>Weight of a query without an object in the cross entropy, where one with an object has 1: most queries have none.</summary>
    /// <value>Greater than 0, to 1; default 0.1.</value>
    public double NoObjectWeight { get; init; } = 0.1;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(SetLossOptions));
        errors.Require(IsWeight(ClassWeight), nameof(ClassWeight), ClassWeight, "must be 0 or more");
        errors.Require(IsWeight(DistanceWeight), nameof(DistanceWeight), DistanceWeight, "must be 0 or more");
        errors.Require(IsWeight(OverlapWeight), nameof(OverlapWeight), OverlapWeight, "must be 0 or more");
        errors.Require(NoObjectWeight is > 0 and <= 1, nameof(NoObjectWeight), NoObjectWeight, "must be greater than 0, to 1");
        errors.ThrowIfAny();
    }

    private static bool IsWeight(double value) => value >= 0 && double.IsFinite(value);
}
