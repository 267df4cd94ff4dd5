namespace MlAttention.Ablation;

/// <summary>What textbooks say of an algorithm (Vaswani et al. 2017, table 1).</summary>
/// <param name="Time">Order of time in the length n and the width d, projections included, for example "O(n^2 d + n d^2)".</param>
/// <param name="TimeExponent">The exponent of time in the varied quantity, for example "2"; "1 to 2" where it depends on which term is larger.</param>
/// <param name="MemoryExponent">The exponent of memory for activations in the varied quantity.</param>
/// <param name="SequentialSteps">Steps that must wait for each other, for example "O(n)".</param>
public sealed record ComplexityTheory(string Time, string TimeExponent, string MemoryExponent, string SequentialSteps);
