namespace MlAttention.Ablation;

/// <summary>One algorithm's cost as one quantity grows.</summary>
/// <param name="Algorithm">The algorithm, for example "attention, full" or "LSTM".</param>
/// <param name="Varied">"n" for the length in tokens or "d" for the width.</param>
/// <param name="Fixed">The other quantity's value.</param>
/// <param name="Points">The measurements, on one thread.</param>
/// <param name="TimeExponent">Slope of log time over log of the varied quantity, fitted to the upper half of the points.</param>
/// <param name="MemoryExponent">Slope of log extra memory likewise; null where memory was not measured.</param>
/// <param name="ParallelSpeedup">Time on one thread divided by time on all, at the largest size; null on a machine with one core.</param>
/// <param name="Theory">What textbooks say.</param>
public sealed record ComplexitySeries(
    string Algorithm, string Varied, int Fixed, IReadOnlyList<ComplexityPoint> Points, double TimeExponent, double? MemoryExponent, double? ParallelSpeedup, ComplexityTheory Theory);
