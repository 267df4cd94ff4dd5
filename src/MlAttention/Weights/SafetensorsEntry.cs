namespace MlAttention.Weights;

/// <summary>Where one tensor of a safetensors file lies; Begin and End are byte offsets into the data after the header.</summary>
internal sealed record SafetensorsEntry(string Name, string DataType, int[] Shape, long Begin, long End);
