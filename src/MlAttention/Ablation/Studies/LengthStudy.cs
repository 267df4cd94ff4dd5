namespace MlAttention.Ablation;

/// <summary>How schemes do on texts longer than any they were trained on.</summary>
/// <param name="TrainedLength">The longest training text, in tokens.</param>
/// <param name="Curves">One curve a scheme.</param>
public sealed record LengthStudy(int TrainedLength, IReadOnlyList<LengthCurve> Curves);
