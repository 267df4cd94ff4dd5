using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>
/// y = W x + b with W in panels for the N x N kernel, once as it is and once transposed. Widths are padded to multiples of N with
/// zero weights; the maps say which row and column of the real W a padded one is, -1 for none.
/// </summary>
internal sealed unsafe class PackedLinear<T> : IDisposable where T : struct, ILanes<T>
{
    /// <summary>Inputs that are summed in one pass: a panel and a block of so many stay in a core's first cache together.</summary>
    private const int CachedDepth = 256;

    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly int _realColumns;
    private readonly NativeBuffer _panels;
    private readonly NativeBuffer _transposed;
    private readonly NativeBuffer _bias;
    private readonly int _scaledRows;
    private readonly float _scale;

    /// <param name="rows">The real row of each padded output; a multiple of N entries.</param>
    /// <param name="columns">The real column of each padded input; a multiple of N entries.</param>
    /// <param name="scaledRows">How many of the first padded outputs carry the factor <paramref name="scale"/>.</param>
    /// <param name="scale">Folded into weights, bias and gradients.</param>
    public PackedLinear(int[] rows, int[] columns, int scaledRows = 0, float scale = 1)
    {
        (_rows, _columns, _scaledRows, _scale) = (rows, columns, scaledRows, scale);
        _realColumns = columns.Max() + 1;
        _panels = new NativeBuffer((long)Outputs * Inputs);
        _transposed = new NativeBuffer((long)Outputs * Inputs);
        _bias = new NativeBuffer(Outputs);
    }

    /// <summary>0, 1, ..., width - 1, then -1 up to a multiple of N.</summary>
    public static int[] Padded(int width) => [.. Enumerable.Range(0, TokenLayout<T>.Pad(width)).Select(i => i < width ? i : -1)];

    /// <summary>Padded number of outputs.</summary>
    public int Outputs => _rows.Length;

    /// <summary>Padded number of inputs.</summary>
    public int Inputs => _columns.Length;

    /// <summary>Floats of a worker's gradient: [Outputs, Inputs] and the bias.</summary>
    public long GradientCount => (long)Outputs * Inputs + Outputs;

    /// <summary>Copies the real weights [out, in] and bias into the panels.</summary>
    public void Pack(float* weight, float* bias)
    {
        int n = T.Count;
        float* panels = _panels.Start, transposed = _transposed.Start;
        for (int row = 0; row < Outputs; row++)
        {
            if (_rows[row] < 0) continue;
            float* source = weight + (nint)_rows[row] * _realColumns;
            float scale = Scale(row);
            float* panel = panels + (nint)(row / n) * Inputs * n + row % n;
            for (int column = 0; column < Inputs; column++)
            {
                if (_columns[column] < 0) continue;
                float value = source[_columns[column]] * scale;
                panel[(nint)column * n] = value;
                transposed[((nint)(column / n) * Outputs + row) * n + column % n] = value;
            }
            _bias.Start[row] = bias[_rows[row]] * scale;
        }
    }

    /// <summary>x [blocks][Inputs][N] -> y [blocks][Outputs][N].</summary>
    public void Forward(float* x, int blocks, float* y)
    {
        int n = T.Count;
        for (int tile = 0; tile < Outputs; tile += n)
            for (int from = 0; from < Inputs; from += CachedDepth)
                for (int block = 0; block < blocks; block++)
                    T.MultiplyTile(Math.Min(CachedDepth, Inputs - from), _panels.Start + ((nint)tile * Inputs + from * n), n, x + ((nint)block * Inputs + from) * n, n,
                        y + ((nint)block * Outputs + tile) * n, n, from == 0 ? _bias.Start + tile : null, accumulate: from > 0);
    }

    /// <summary>dx = Wᵀ dy, or dx += Wᵀ dy.</summary>
    public void BackwardInput(float* dy, int blocks, float* dx, bool accumulate)
    {
        int n = T.Count;
        for (int tile = 0; tile < Inputs; tile += n)
            for (int block = 0; block < blocks; block++)
                T.MultiplyTile(Outputs, _transposed.Start + (nint)tile * Outputs, n, dy + (nint)block * Outputs * n, n,
                    dx + ((nint)block * Inputs + tile) * n, n, null, accumulate);
    }

    /// <summary>Adds dW = dy xᵀ and db = sum of dy over the tokens to a worker's gradient.</summary>
    /// <param name="dy">[blocks][Outputs][N], zero in lanes without a token.</param>
    /// <param name="xRows">The input token by token, [blocks * N, Inputs].</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="gradient"><see cref="GradientCount"/> floats.</param>
    public void BackwardWeights(float* dy, float* xRows, int blocks, float* gradient)
    {
        int n = T.Count;
        for (int tile = 0; tile < Outputs; tile += n)
            for (int column = 0; column < Inputs; column += n)
                T.AccumulateTokens(blocks, dy + (nint)tile * n, (nint)Outputs * n, xRows + column, Inputs, gradient + (nint)tile * Inputs + column, Inputs, true);
        float* bias = gradient + (nint)Outputs * Inputs;
        for (int row = 0; row < Outputs; row++)
        {
            T sum = T.Create(0);
            for (int block = 0; block < blocks; block++) sum += T.Load(dy + ((nint)block * Outputs + row) * n);
            bias[row] += T.Sum(sum);
        }
    }

    /// <summary>Adds a worker's padded gradient to the real one.</summary>
    public void Unpack(float* gradient, float* weight, float* bias)
    {
        for (int row = 0; row < Outputs; row++)
        {
            if (_rows[row] < 0) continue;
            float* source = gradient + (nint)row * Inputs, target = weight + (nint)_rows[row] * _realColumns;
            float scale = Scale(row);
            for (int column = 0; column < Inputs; column++)
                if (_columns[column] >= 0) target[_columns[column]] += source[column] * scale;
            bias[_rows[row]] += gradient[(nint)Outputs * Inputs + row] * scale;
        }
    }

    private float Scale(int row) => row < _scaledRows ? _scale : 1;

    public void Dispose()
    {
        _panels.Dispose();
        _transposed.Dispose();
        _bias.Dispose();
    }
}
