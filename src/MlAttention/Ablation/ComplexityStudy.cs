namespace MlAttention.Ablation;

/// <summary>Measured time and memory against the length n and the width d.</summary>
/// <param name="Device">Threads and processor of the measurement.</param>
/// <param name="Series">One series for each algorithm and each varied quantity.</param>
public sealed record ComplexityStudy(string Device, IReadOnlyList<ComplexitySeries> Series);

/// <summary>One algorithm's cost as one quantity grows.</summary>
/// <param name="Algorithm">The algorithm, for example "attention, full" or "LSTM".</param>
/// <param name="Varied">"n" for the length in tokens or "d" for the width.</param>
/// <param name="Fixed">The other quantity's value.</param>
/// <param name="Points">The measurements.</param>
/// <param name="TimeExponent">Slope of log time over log of the varied quantity, fitted to the upper half of the points.</param>
/// <param name="MemoryExponent">Slope of log extra memory likewise; null where memory was not measured.</param>
/// <param name="Theory">The textbook order, for example "O(n^2 d)".</param>
public sealed record ComplexitySeries(
    string Algorithm, string Varied, int Fixed, IReadOnlyList<ComplexityPoint> Points, double TimeExponent, double? MemoryExponent, string Theory);

/// <summary>One measurement.</summary>
/// <param name="Size">The varied quantity.</param>
/// <param name="Milliseconds">Median wall time of one forward pass, in ms.</param>
/// <param name="Bytes">Peak extra memory of one forward pass, in bytes; null where it was not measured.</param>
public sealed record ComplexityPoint(int Size, double Milliseconds, double? Bytes);
