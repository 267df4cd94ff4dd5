using MlAttention.Positions;

namespace MlAttention.Ablation;

/// <summary>How schemes do on texts longer than any they were trained on.</summary>
/// <param name="TrainedLength">The longest training text, in tokens.</param>
/// <param name="Curves">One curve a scheme.</param>
public sealed record LengthStudy(int TrainedLength, IReadOnlyList<LengthCurve> Curves);

/// <summary>One scheme's accuracy by length.</summary>
/// <param name="Positions">The scheme.</param>
/// <param name="Points">Accuracy in each bin of lengths, averaged over the seeds.</param>
/// <param name="Remark">What the scheme cannot do, for example learned positions beyond their table; null when there is nothing to say.</param>
public sealed record LengthCurve(PositionScheme Positions, IReadOnlyList<LengthScore> Points, string? Remark);
