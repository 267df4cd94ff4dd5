namespace MlAttention.Core.Managed.Storage;

/// <summary>Cosines and sines of the rotary scheme, [block][pair][N], applied to queries and keys of one head.</summary>
internal sealed unsafe class RotaryTable<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly NativeBuffer _cosines, _sines;
    private readonly int _pairs;
    private readonly bool _interleaved;

    public RotaryTable(SequenceModelOptions model, int length)
    {
        int headWidth = model.ModelWidth / model.Heads, blocks = TokenLayout<T>.Blocks(length);
        var details = model.PositionDetails;
        _pairs = headWidth / 2;
        _interleaved = details.RotaryInterleaved;
        _cosines = new NativeBuffer((long)blocks * _pairs * T.Count);
        _sines = new NativeBuffer((long)blocks * _pairs * T.Count);
        for (int pair = 0; pair < _pairs; pair++)
        {
            double frequency = Math.Pow(details.RotaryBase, -2.0 * pair / headWidth) / details.RotaryPositionScale;
            for (int position = 0; position < blocks * T.Count; position++)
            {
                nint at = ((nint)(position / T.Count) * _pairs + pair) * T.Count + position % T.Count;
                var (sine, cosine) = Math.SinCos(position * frequency);
                (_sines.Start[at], _cosines.Start[at]) = ((float)sine, (float)cosine);
            }
        }
    }

    /// <summary>Turns each pair by the angle of its token's position, in place; backwards with <paramref name="inverse"/>, which is also the gradient.</summary>
    /// <param name="heads">[blocks][headWidth][N], lane 0 of block 0 at position 0.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="headWidth">Padded head width.</param>
    /// <param name="inverse">Turn back.</param>
    public void Rotate(float* heads, int blocks, int headWidth, bool inverse)
    {
        int n = T.Count;
        T sign = T.Create(inverse ? -1f : 1f);
        for (int block = 0; block < blocks; block++)
        {
            for (int pair = 0; pair < _pairs; pair++)
            {
                nint at = ((nint)block * _pairs + pair) * n;
                T cosine = T.Load(_cosines.Start + at), sine = T.Load(_sines.Start + at) * sign;
                float* head = heads + (nint)block * headWidth * n;
                float* first = head + (_interleaved ? 2 * pair : pair) * n;
                float* second = head + (_interleaved ? 2 * pair + 1 : pair + _pairs) * n;
                T x = T.Load(first), y = T.Load(second);
                T.Store(x * cosine - y * sine, first);
                T.Store(T.MultiplyAdd(x, sine, y * cosine), second);
            }
        }
    }

    /// <summary>Turns each pair of one token's head by the angle of its position, in place.</summary>
    public void RotateOne(float* head, int position)
    {
        int n = T.Count, block = position / n, lane = position % n;
        for (int pair = 0; pair < _pairs; pair++)
        {
            nint at = ((nint)block * _pairs + pair) * n + lane;
            float cosine = _cosines.Start[at], sine = _sines.Start[at];
            ref float first = ref head[_interleaved ? 2 * pair : pair], second = ref head[_interleaved ? 2 * pair + 1 : pair + _pairs];
            (first, second) = (first * cosine - second * sine, first * sine + second * cosine);
        }
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }
}
