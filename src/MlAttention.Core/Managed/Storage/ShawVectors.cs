namespace MlAttention.Core.Managed.Storage;

/// <summary>One table of trained vectors by clipped distance (Shaw et al. 2018), as it is and transposed, for the N x N kernel.</summary>
internal sealed unsafe class ShawVectors<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly int _headWidth, _paddedHeadWidth, _distances, _paddedDistances;
    private readonly NativeBuffer _rows, _columns;

    public ShawVectors(int headWidth, int clipDistance)
    {
        _headWidth = headWidth;
        _paddedHeadWidth = TokenLayout<T>.Pad(headWidth);
        _distances = 2 * clipDistance + 1;
        _paddedDistances = TokenLayout<T>.Pad(_distances);
        _rows = new NativeBuffer((long)_paddedDistances * _paddedHeadWidth);
        _columns = new NativeBuffer((long)_paddedDistances * _paddedHeadWidth);
    }

    /// <summary>Floats of a worker's gradient: [padded distances, padded head width].</summary>
    public long GradientCount => _rows.Length;

    public void Pack(float* vectors)
    {
        for (int row = 0; row < _distances; row++)
        {
            for (int i = 0; i < _headWidth; i++)
            {
                float value = vectors[row * _headWidth + i];
                _rows.Start[(nint)row * _paddedHeadWidth + i] = value;
                _columns.Start[(nint)i * _paddedDistances + row] = value;
            }
        }
    }

    /// <summary>byDistance[c, lane] = vectors[c] · x[lane], for one block x [head width][N].</summary>
    public void Project(float* x, float* byDistance)
    {
        for (int tile = 0; tile < _paddedDistances; tile += T.Count)
            T.MultiplyTile(_headWidth, _columns.Start + tile, _paddedDistances, x, T.Count, byDistance + tile * T.Count, T.Count, false, _columns.Start);
    }

    /// <summary>x[lane] += sum over c of vectors[c] byDistance[c, lane].</summary>
    public void AddTo(float* byDistance, float* x)
    {
        for (int tile = 0; tile < _paddedHeadWidth; tile += T.Count)
            T.MultiplyTile(_distances, _rows.Start + tile, _paddedHeadWidth, byDistance, T.Count, x + tile * T.Count, T.Count, true, _rows.Start);
    }

    /// <summary>byDistance[c] = vectors[c] · x, for one query x [head width].</summary>
    public void ProjectOne(float* x, float* byDistance) => VectorKernels<T>.Scores(_columns.Start, T.Count, _paddedDistances, _headWidth, x, _paddedDistances / T.Count, byDistance);

    /// <summary>x += sum over c of vectors[c] byDistance[c], for one query.</summary>
    public void AddToOne(float* byDistance, float* x) => VectorKernels<T>.AddRows(_rows.Start, _paddedHeadWidth, _distances, byDistance, _paddedHeadWidth, x);

    /// <summary>gradient[c] += sum over lanes of byDistance[c, lane] x[lane], where x is given token by token.</summary>
    public void AccumulateGradient(float* byDistance, float* xRows, float* gradient)
    {
        for (int tile = 0; tile < _paddedDistances; tile += T.Count)
            for (int column = 0; column < _paddedHeadWidth; column += T.Count)
                T.MultiplyBlocks(1, byDistance + tile * T.Count, 0, xRows + column, _paddedHeadWidth, gradient + (nint)tile * _paddedHeadWidth + column, _paddedHeadWidth, null, true, byDistance);
    }

    /// <summary>Adds a worker's padded gradient to the real one.</summary>
    public void Unpack(float* gradient, float* target)
    {
        for (int row = 0; row < _distances; row++)
            for (int i = 0; i < _headWidth; i++)
                target[row * _headWidth + i] += gradient[(nint)row * _paddedHeadWidth + i];
    }

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }
}

/// <summary>Between a strip by key [rows][N] and sums by clipped distance [2 clip + 1][N] for N consecutive queries.</summary>
internal static unsafe class DistanceKernels<T> where T : struct, ILanes<T>
{
    /// <summary>strip[j, lane] += byDistance[distance of key from + j and query + lane, lane].</summary>
    public static void Spread(float* byDistance, int clip, int query, int from, int keys, float* strip)
    {
        for (int j = 0; j < keys; j++)
            for (int lane = 0; lane < T.Count; lane++)
                strip[(nint)j * T.Count + lane] += byDistance[Row(clip, query + lane, from + j) * T.Count + lane];
    }

    /// <summary>byDistance[c, lane] = sum of strip[j, lane] over the keys at distance c.</summary>
    public static void Gather(float* strip, int clip, int query, int from, int keys, float* byDistance)
    {
        new Span<float>(byDistance, TokenLayout<T>.Pad(2 * clip + 1) * T.Count).Clear();
        for (int j = 0; j < keys; j++)
            for (int lane = 0; lane < T.Count; lane++)
                byDistance[Row(clip, query + lane, from + j) * T.Count + lane] += strip[(nint)j * T.Count + lane];
    }

    /// <summary>The clipped distance of a key from a query, counted from 0.</summary>
    public static int Row(int clip, int query, int key) => Math.Clamp(key - query, -clip, clip) + clip;
}
