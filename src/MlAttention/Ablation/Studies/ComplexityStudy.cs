namespace MlAttention.Ablation;

/// <summary>Measured time and memory against the length n and the width d.</summary>
/// <param name="Device">Threads and processor of the measurement.</param>
/// <param name="Series">One series for each algorithm and each varied quantity.</param>
public sealed record ComplexityStudy(string Device, IReadOnlyList<ComplexitySeries> Series);
