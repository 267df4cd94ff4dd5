namespace MlAttention.Weights;

/// <summary>One named float32 weight in row-major order; linear weights are [out, in], as in PyTorch.</summary>
/// <param name="Name">The parameter's name, for example "encoder.layers.0.self_attn.in_proj_weight".</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Values">The values; as many as the product of the shape.</param>
public sealed record WeightTensor(string Name, int[] Shape, float[] Values);
