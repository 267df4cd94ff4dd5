namespace MlAttention.Benchmarks;

/// <summary>A measurement cannot be made here; the message says what is missing.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
