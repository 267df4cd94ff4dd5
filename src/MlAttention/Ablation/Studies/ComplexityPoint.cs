namespace MlAttention.Ablation;

/// <summary>One measurement.</summary>
/// <param name="Size">The varied quantity.</param>
/// <param name="Milliseconds">Median wall time of one forward pass, in ms.</param>
/// <param name="Bytes">Peak extra memory of one forward pass, in bytes; null where it was not measured.</param>
public sealed record ComplexityPoint(int Size, double Milliseconds, double? Bytes);
