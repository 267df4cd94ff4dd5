namespace MlAttention.Core.Managed.Packing;

/// <summary>
/// y = W x + b with W in panels for the N x N kernel, once as it is and once transposed. Widths are padded to multiples of N with
/// zero weights; the maps say which row and column of the real W a padded one is, -1 for none.
/// </summary>
internal sealed unsafe class PackedLinear<T> : IDisposable where T : struct, ILanes<T>
{
    /// <summary>Inputs that are summed in one pass: a panel and two blocks of so many stay in a core's first cache together.</summary>
    private const int CachedDepth = 128;

    private readonly int[] _rows, _columns;
    private readonly int _realColumns;
    private readonly NativeBuffer _panels, _bias;
    private readonly NativeBuffer? _transposed;
    private readonly int _scaledRows;
    private readonly float _scale;

    /// <param name="rows">The real row of each padded output; a multiple of N entries.</param>
    /// <param name="columns">The real column of each padded input; a multiple of N entries.</param>
    /// <param name="scaledRows">How many of the first padded outputs carry the factor <paramref name="scale"/>.</param>
    /// <param name="scale">Folded into weights, bias and gradients.</param>
    /// <param name="trains">Whether there is a backward pass, which reads the transposed panels.</param>
    public PackedLinear(int[] rows, int[] columns, int scaledRows = 0, float scale = 1, bool trains = true)
    {
        (_rows, _columns, _scaledRows, _scale) = (rows, columns, scaledRows, scale);
        _realColumns = columns.Max() + 1;
        _panels = new NativeBuffer((long)Outputs * Inputs);
        if (trains) _transposed = new NativeBuffer((long)Outputs * Inputs);
        _bias = new NativeBuffer(Outputs);
    }

    /// <summary>0, 1, ..., width - 1, then -1 up to a multiple of N.</summary>
    public static int[] Padded(int width) => [.. Enumerable.Range(0, TokenLayout<T>.Pad(width)).Select(i => i < width ? i : -1)];

    /// <summary>Padded number of outputs.</summary>
    public int Outputs => _rows.Length;

    /// <summary>Padded number of inputs.</summary>
    public int Inputs => _columns.Length;

    /// <summary>Floats of a worker's gradient: [Outputs, Inputs] and the bias, lane by lane, [Outputs][N].</summary>
    public long GradientCount => (long)Outputs * (Inputs + T.Count);

    /// <summary>Copies the real weights [out, in] and bias into the panels, one N x N tile after the other.</summary>
    public void Pack(float* weight, float* bias)
    {
        int n = T.Count;
        float* own = stackalloc float[n * n];
        for (int row = 0; row < Outputs; row++)
            if (_rows[row] >= 0) _bias.Start[row] = bias[_rows[row]] * Scale(row);
        for (int column = 0; column < Inputs; column += n)
        {
            for (int row = 0; row < Outputs; row += n)
            {
                float* tile = _transposed is null ? own : _transposed.Start + ((nint)column / n * Outputs + row) * n;
                if (_transposed is null) new Span<float>(own, n * n).Clear();
                for (int i = 0; i < n; i++)
                    if (_rows[row + i] >= 0) PackRow(weight + (nint)_rows[row + i] * _realColumns, _columns.AsSpan(column, n), Scale(row + i), tile + i * n);
                T.Transpose(tile, n, _panels.Start + ((nint)row / n * Inputs + column) * n, n);
            }
        }
    }

    /// <summary>x [blocks][Inputs][N] -> y [blocks][Outputs][N].</summary>
    public void Forward(float* x, int blocks, float* y) => Multiply(_panels.Start, Outputs, Inputs, x, blocks, y, _bias.Start, accumulate: false);

    /// <summary>dx = Wᵀ dy, or dx += Wᵀ dy.</summary>
    public void BackwardInput(float* dy, int blocks, float* dx, bool accumulate) => Multiply(_transposed!.Start, Inputs, Outputs, dy, blocks, dx, null, accumulate);

    /// <summary>Adds dW = dy xᵀ and db = sum of dy over the tokens to a worker's gradient.</summary>
    /// <param name="dy">[blocks][Outputs][N], zero in lanes without a token.</param>
    /// <param name="xRows">The input token by token, [blocks * N, Inputs].</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="gradient"><see cref="GradientCount"/> floats.</param>
    public void BackwardWeights(float* dy, float* xRows, int blocks, float* gradient)
    {
        int n = T.Count;
        for (int tile = 0; tile < Outputs; tile += n)
        {
            float* factors = dy + (nint)tile * n, target = gradient + (nint)tile * Inputs;
            int column = 0;
            for (; column + n < Inputs; column += 2 * n) T.AccumulateTokensPair(blocks, factors, (nint)Outputs * n, xRows + column, Inputs, n, target + column, Inputs, n, true);
            if (column < Inputs) T.AccumulateTokens(blocks, factors, (nint)Outputs * n, xRows + column, Inputs, target + column, Inputs, true);
        }
        float* bias = gradient + (nint)Outputs * Inputs;
        for (int row = 0; row < Outputs; row++)
        {
            T sum = T.Load(bias + row * n);
            for (int block = 0; block < blocks; block++) sum += T.Load(dy + ((nint)block * Outputs + row) * n);
            T.Store(sum, bias + row * n);
        }
    }

    /// <summary>Adds a worker's padded gradient to the real one and clears it.</summary>
    public void Unpack(float* gradient, float* weight, float* bias)
    {
        int n = T.Count;
        for (int row = 0; row < Outputs; row++)
        {
            float* source = gradient + (nint)row * Inputs, biasLanes = gradient + (nint)Outputs * Inputs + (nint)row * n;
            if (_rows[row] >= 0)
            {
                float* target = weight + (nint)_rows[row] * _realColumns;
                float scale = Scale(row);
                for (int column = 0; column < Inputs; column += n) UnpackColumns(source + column, _columns.AsSpan(column, n), scale, target);
                bias[_rows[row]] += T.Sum(T.Load(biasLanes)) * scale;
            }
            new Span<float>(source, Inputs).Clear();
            new Span<float>(biasLanes, n).Clear();
        }
    }

    private static void PackRow(float* weights, ReadOnlySpan<int> columns, float scale, float* target)
    {
        if (AreNeighbours(columns))
        {
            T.Store(T.Load(weights + columns[0]) * T.Create(scale), target);
            return;
        }
        for (int i = 0; i < columns.Length; i++)
            if (columns[i] >= 0) target[i] = weights[columns[i]] * scale;
    }

    private static void UnpackColumns(float* source, ReadOnlySpan<int> columns, float scale, float* target)
    {
        if (AreNeighbours(columns))
        {
            float* place = target + columns[0];
            T.Store(T.Load(place) + T.Load(source) * T.Create(scale), place);
            return;
        }
        for (int i = 0; i < columns.Length; i++)
            if (columns[i] >= 0) target[columns[i]] += source[i] * scale;
    }

    /// <summary>Whether N real columns lie side by side; padding comes only behind the columns of a head or of all.</summary>
    private static bool AreNeighbours(ReadOnlySpan<int> columns) => columns[0] >= 0 && columns[^1] == columns[0] + columns.Length - 1;

    /// <summary>
    /// y = panels x + bias, or without a bias y = panels x or y += panels x. Two blocks of tokens, so many inputs at a time that
    /// they stay in a core's first cache, meet all panels.
    /// </summary>
    private static void Multiply(float* panels, int outputs, int inputs, float* x, int blocks, float* y, float* bias, bool accumulate)
    {
        int n = T.Count;
        nint xBlock = (nint)inputs * n, yBlock = (nint)outputs * n;
        for (int from = 0; from < inputs; from += CachedDepth)
        {
            int depth = Math.Min(CachedDepth, inputs - from);
            bool adds = accumulate || from > 0;
            for (int block = 0; block < blocks; block += 2)
            {
                float* source = x + block * xBlock + (nint)from * n, target = y + block * yBlock, panel = panels + (nint)from * n;
                for (int tile = 0; tile < outputs; tile += n, panel += xBlock)
                {
                    float* start = adds || bias == null ? null : bias + tile;
                    if (block + 1 < blocks) T.MultiplyTilePair(depth, panel, n, source, xBlock, target + (nint)tile * n, yBlock, start, adds);
                    else T.MultiplyTile(depth, panel, n, source, n, target + (nint)tile * n, n, start, adds);
                }
            }
        }
    }

    private float Scale(int row) => row < _scaledRows ? _scale : 1;

    public void Dispose()
    {
        _panels.Dispose();
        _transposed?.Dispose();
        _bias.Dispose();
    }
}
