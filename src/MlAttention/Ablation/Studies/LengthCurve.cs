using MlAttention.Architecture;

namespace MlAttention.Ablation;

/// <summary>One scheme's accuracy by length.</summary>
/// <param name="Positions">The scheme.</param>
/// <param name="Points">Accuracy in each bin of lengths, averaged over the seeds.</param>
/// <param name="Remark">What the scheme cannot do, for example learned positions beyond their table; null when there is nothing to say.</param>
public sealed record LengthCurve(PositionScheme Positions, IReadOnlyList<LengthScore> Points, string? Remark);
