namespace MlAttention.Engines.Managed;

/// <summary>Features of one head of one sequence, its first token in lane 0: block b, [feature][N], begins at Start + b Stride.</summary>
/// <param name="start">The first block.</param>
/// <param name="stride">From block to block, in floats.</param>
/// <param name="isCopy">Whether it is a copy that has to be inserted into the packed blocks.</param>
internal readonly unsafe struct LaneView(float* start, nint stride, bool isCopy)
{
    public float* Start { get; } = start;

    public nint Stride { get; } = stride;

    public bool IsCopy { get; } = isCopy;

    public float* Block(int block) => Start + block * Stride;
}
