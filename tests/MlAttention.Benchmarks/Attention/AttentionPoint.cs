namespace MlAttention.Benchmarks.Attention;

/// <summary>One forward and backward pass.</summary>
/// <param name="Workload">What ran.</param>
/// <param name="Length">The tokens n.</param>
/// <param name="Milliseconds">Processor time of a pass.</param>
/// <param name="Megabytes">What the process held more at its peak than before the pass, in 10^6 bytes.</param>
internal sealed record AttentionPoint(string Workload, int Length, double Milliseconds, double Megabytes);
