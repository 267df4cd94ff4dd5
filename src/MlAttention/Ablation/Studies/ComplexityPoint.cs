namespace MlAttention.Ablation;

/// <summary>One measurement.</summary>
/// <param name="Size">The varied quantity.</param>
/// <param name="Milliseconds">Least wall time of a few forward passes, in ms; what else the machine does only adds to it.</param>
/// <param name="Bytes">Peak extra memory of one forward pass, in bytes; null where it was not measured.</param>
public sealed record ComplexityPoint(int Size, double Milliseconds, double? Bytes);
