namespace MlAttention.Pipeline.Layers;

/// <summary>Token vectors of several rows, padded on the right with zeros: Values [B,L,D] row-major, Lengths [B].</summary>
internal sealed record TokenVectorBatch(int Rows, int Length, int Width, float[] Values, int[] Lengths);
