namespace MlAttention.Benchmarks.Attention;

/// <summary>What one part of the benchmark found; kept in a file, so that the page can be written from parts of different times.</summary>
/// <param name="Measured">The day and time of the measurement, in UTC.</param>
/// <param name="Machine">Processor, runtime and packages.</param>
/// <param name="ProductSpeed">GFLOP/s of a 512x512 matrix product on one thread, before the part: a slow machine shows.</param>
/// <param name="Points">The figures, in the order of the lengths or of the workloads.</param>
internal sealed record AttentionSeries(string Measured, string Machine, double ProductSpeed, IReadOnlyList<AttentionPoint> Points);
