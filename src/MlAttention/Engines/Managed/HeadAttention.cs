using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>
/// Attention of one head over one sequence, N queries at a time, so that the memory is O(n) whatever the length: the forward pass
/// keeps each query's largest score and the inverse of its softmax sum, and the backward pass makes the weights again from them.
/// </summary>
/// <remarks>
/// weights = softmax(q k / (sqrt(Dh) T) + table); output = dropout(weights) v.
/// Backward, with dw = v · do: dscore = weights (dropout(dw) - o · do), dq = dscore k, dk = dscoreᵀ q, dv = dropout(weights)ᵀ do
/// (Dao et al. 2022, appendix B.4).
/// </remarks>
internal sealed unsafe class HeadAttention<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly int _headWidth;
    private readonly int _padded;
    private readonly int _heads;
    private readonly float _scale;
    private readonly ScoreTables<T> _tables;
    private readonly RotaryTable<T>? _rotary;
    private readonly int _clip;
    private readonly NativeBuffer _memory;
    private readonly float* _q, _k, _v, _qRows, _kRows, _vRows, _dO, _dORows, _dQ, _dKRows, _dVRows, _dLanes, _scores, _kept, _dScores, _byDistance, _dByDistance;

    public HeadAttention(SequenceModelOptions model, ScoreTables<T> tables, RotaryTable<T>? rotary, int length)
    {
        (_tables, _rotary, _heads) = (tables, rotary, model.Heads);
        _headWidth = model.ModelWidth / model.Heads;
        _padded = TokenLayout<T>.Pad(_headWidth);
        _scale = (float)((model.Score == ScoreFunction.ScaledDotProduct ? 1 / Math.Sqrt(_headWidth) : 1) / model.Temperature);
        _clip = model.PositionDetails.ClipDistance;
        long sequence = (long)TokenLayout<T>.Pad(length) * _padded, row = (long)TokenLayout<T>.Pad(length) * T.Count;
        long block = (long)_padded * T.Count, distances = (long)TokenLayout<T>.Pad(2 * _clip + 1) * T.Count;
        _memory = new NativeBuffer(11 * sequence + 3 * row + block + 2 * distances);
        float* next = _memory.Start;
        float* Take(long count)
        {
            float* taken = next;
            next += count;
            return taken;
        }
        _q = Take(sequence);
        _k = Take(sequence);
        _v = Take(sequence);
        _qRows = Take(sequence);
        _kRows = Take(sequence);
        _vRows = Take(sequence);
        _dO = Take(sequence);
        _dQ = Take(sequence);
        _dLanes = Take(sequence);
        _dKRows = Take(sequence);
        _dVRows = Take(sequence);
        _scores = Take(row);
        _kept = Take(row);
        _dScores = Take(row);
        _dORows = Take(block);
        _byDistance = Take(distances);
        _dByDistance = Take(distances);
    }

    /// <summary>Floats that the forward pass keeps for a head of a sequence.</summary>
    public static int StatisticsCount(int length) => 2 * TokenLayout<T>.Pad(length);

    /// <summary>Writes the head's output into packed blocks.</summary>
    public void Forward(in HeadInput<T> input, float* output, float* statistics)
    {
        int n = T.Count, blocks = TokenLayout<T>.Blocks(input.Length);
        Load(input);
        for (int block = 0; block < blocks; block++)
        {
            float* q = _q + (nint)block * _padded * n;
            var (from, to) = Scores(input, block, q, _scores);
            T largest = T.Create(-1e30f);
            for (int j = 0; j < to - from; j++) largest = T.Max(largest, T.Load(_scores + j * n));
            T sum = T.Create(0);
            for (int j = 0; j < to - from; j++)
            {
                T weight = LaneMath<T>.Exp(T.Load(_scores + j * n) - largest);
                sum += weight;
                T.Store(weight, _scores + j * n);
            }
            T inverse = T.Select(T.GreaterThan(sum, T.Create(0)), T.Create(1) / sum, T.Create(0));
            T.Store(largest, statistics + block * 2 * n);
            T.Store(inverse, statistics + block * 2 * n + n);
            Drop(input, block, to - from, _scores, _scores);

            float* o = _dQ + (nint)block * _padded * n;
            for (int tile = 0; tile < _padded; tile += n)
                T.MultiplyTile(to - from, _vRows + (nint)from * _padded + tile, _padded, _scores, n, o + tile * n, n, null, false);
            if (input.ShawValues is { } values)
            {
                GatherByDistance(values, block, from, to, _scores, _byDistance);
                values.AddTo(_byDistance, o);
            }
            for (int i = 0; i < _padded; i++) T.Store(T.Load(o + i * n) * inverse, o + i * n);
        }
        TokenLayout<T>.Insert(_dQ, _padded, _padded, 1, output, _heads * _padded, input.Head * _padded, input.Start, input.Length);
    }

    /// <summary>From the output and its gradient to the gradients of query, key and value, in the layout of qkv.</summary>
    public void Backward(in HeadInput<T> input, float* output, float* dOutput, float* statistics, float* dQkv, in HeadGradients gradients)
    {
        int n = T.Count, blocks = TokenLayout<T>.Blocks(input.Length), width = _heads * _padded;
        Load(input);
        TokenLayout<T>.ToRows(_q, blocks, _padded, _qRows);
        TokenLayout<T>.ToRows(_k, blocks, _padded, _kRows);
        TokenLayout<T>.Extract(dOutput, width, input.Head * _padded, _padded, input.Start, input.Length, 1, _dO, _padded);
        TokenLayout<T>.Extract(output, width, input.Head * _padded, _padded, input.Start, input.Length, 1, _dLanes, _padded);
        new Span<float>(_dKRows, blocks * n * _padded).Clear();
        new Span<float>(_dVRows, blocks * n * _padded).Clear();
        for (int block = 0; block < blocks; block++)
        {
            nint offset = (nint)block * _padded * n;
            float* q = _q + offset, dO = _dO + offset, dQ = _dQ + offset, o = _dLanes + offset;
            var (from, to) = Scores(input, block, q, _scores);
            int keys = to - from, tiles = TokenLayout<T>.Blocks(keys);
            T largest = T.Load(statistics + block * 2 * n), inverse = T.Load(statistics + block * 2 * n + n);
            for (int j = 0; j < keys; j++) T.Store(LaneMath<T>.Exp(T.Load(_scores + j * n) - largest) * inverse, _scores + j * n);
            for (int j = keys; j < tiles * n; j++) T.Store(T.Create(0), _scores + j * n);
            T delta = T.Create(0);
            for (int i = 0; i < _headWidth; i++) delta = T.MultiplyAdd(T.Load(dO + i * n), T.Load(o + i * n), delta);

            for (int tile = 0; tile < tiles; tile++)
                T.MultiplyTile(_headWidth, _v + ((nint)from + tile * n) * _padded, n, dO, n, _dScores + tile * n * n, n, null, false);
            if (input.ShawValues is { } values)
            {
                values.Project(dO, _dByDistance);
                SpreadByDistance(block, from, to, _dByDistance, _dScores);
            }
            DropBackward(input, block, keys, delta);
            for (int j = keys; j < tiles * n; j++)
            {
                T.Store(T.Create(0), _dScores + j * n);
                T.Store(T.Create(0), _kept + j * n);
            }

            TokenLayout<T>.ToRows(dO, 1, _padded, _dORows);
            for (int tile = 0; tile < tiles; tile++)
            {
                for (int column = 0; column < _padded; column += n)
                {
                    nint rows = ((nint)from + tile * n) * _padded + column;
                    T.AccumulateTokens(1, _kept + tile * n * n, 0, _dORows + column, _padded, _dVRows + rows, _padded);
                    T.AccumulateTokens(1, _dScores + tile * n * n, 0, _qRows + (nint)block * n * _padded + column, _padded, _dKRows + rows, _padded);
                }
            }
            for (int tile = 0; tile < _padded; tile += n)
                T.MultiplyTile(keys, _kRows + (nint)from * _padded + tile, _padded, _dScores, n, dQ + tile * n, n, null, false);
            if (gradients.ByDistance != null) AccumulateByDistance(input.Head, block, from, to, gradients.ByDistance);
            BackwardShaw(input, block, from, to, dQ, gradients);
        }
        _rotary?.Rotate(_dQ, blocks, _padded, inverse: true);
        TokenLayout<T>.Insert(_dQ, _padded, _padded, _scale, dQkv, 3 * width, input.Head * _padded, input.Start, input.Length);
        TokenLayout<T>.FromRows(_dKRows, blocks, _padded, _dLanes);
        _rotary?.Rotate(_dLanes, blocks, _padded, inverse: true);
        TokenLayout<T>.Insert(_dLanes, _padded, _padded, 1, dQkv, 3 * width, width + input.Head * _padded, input.Start, input.Length);
        TokenLayout<T>.FromRows(_dVRows, blocks, _padded, _dLanes);
        TokenLayout<T>.Insert(_dLanes, _padded, _padded, 1, dQkv, 3 * width, 2 * width + input.Head * _padded, input.Start, input.Length);
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Takes one head of one sequence out of the packed blocks; the query carries the factor 1 / (sqrt(Dh) T).</summary>
    private void Load(in HeadInput<T> input)
    {
        int width = _heads * _padded, blocks = TokenLayout<T>.Blocks(input.Length), from = input.Head * _padded;
        TokenLayout<T>.Extract(input.Qkv, 3 * width, from, _padded, input.Start, input.Length, _scale, _q, _padded);
        TokenLayout<T>.Extract(input.Qkv, 3 * width, width + from, _padded, input.Start, input.Length, 1, _k, _padded);
        TokenLayout<T>.Extract(input.Qkv, 3 * width, 2 * width + from, _padded, input.Start, input.Length, 1, _v, _padded);
        _rotary?.Rotate(_q, blocks, _padded, inverse: false);
        _rotary?.Rotate(_k, blocks, _padded, inverse: false);
        TokenLayout<T>.ToRows(_v, blocks, _padded, _vRows);
    }

    /// <summary>Scores of N queries with the keys that any of them may attend to; row j of the result is key from + j.</summary>
    private (int From, int To) Scores(in HeadInput<T> input, int block, float* q, float* scores)
    {
        int n = T.Count, first = block * n;
        var (from, to) = _tables.Keys(first, input.Length);
        for (int key = from; key < to; key += n)
            T.MultiplyTile(_headWidth, _k + (nint)key * _padded, n, q, n, scores + (nint)(key - from) * n, n, null, false);
        if (input.ShawKeys is { } vectors)
        {
            vectors.Project(q, _byDistance);
            SpreadByDistance(block, from, to, _byDistance, scores);
        }
        if (_tables.IsNeeded)
        {
            for (int j = from; j < to; j++)
            {
                float* score = scores + (nint)(j - from) * n;
                T.Store(T.Load(score) + T.Load(_tables.At(input.Head, first, j)), score);
            }
        }
        return (from, to);
    }

    private static void Drop(in HeadInput<T> input, int block, int keys, float* weights, float* kept)
    {
        if (!input.Dropout.IsOn) return;
        var random = new RandomLanes<T>(input.Dropout.Key(input.Site, input.Index + block));
        T threshold = T.Create(input.Dropout.Threshold), scale = T.Create(input.Dropout.KeepScale);
        for (int j = 0; j < keys; j++) T.Store(T.Load(weights + j * T.Count) * random.Keep(threshold, scale), kept + j * T.Count);
    }

    /// <summary>From the gradient of the kept weights in _dScores to that of the scores; _kept becomes the weights after dropout.</summary>
    private void DropBackward(in HeadInput<T> input, int block, int keys, T delta)
    {
        int n = T.Count;
        if (!input.Dropout.IsOn)
        {
            for (int j = 0; j < keys; j++)
            {
                T weight = T.Load(_scores + j * n);
                T.Store(weight, _kept + j * n);
                T.Store(weight * (T.Load(_dScores + j * n) - delta), _dScores + j * n);
            }
            return;
        }
        var random = new RandomLanes<T>(input.Dropout.Key(input.Site, input.Index + block));
        T threshold = T.Create(input.Dropout.Threshold), scale = T.Create(input.Dropout.KeepScale);
        for (int j = 0; j < keys; j++)
        {
            T keep = random.Keep(threshold, scale), weight = T.Load(_scores + j * n);
            T.Store(weight * keep, _kept + j * n);
            T.Store(weight * (T.Load(_dScores + j * n) * keep - delta), _dScores + j * n);
        }
    }

    private void BackwardShaw(in HeadInput<T> input, int block, int from, int to, float* dQ, in HeadGradients gradients)
    {
        if (input.ShawKeys is { } keys)
        {
            GatherByDistance(keys, block, from, to, _dScores, _byDistance);
            keys.AddTo(_byDistance, dQ);
            keys.AccumulateGradient(_byDistance, _qRows + (nint)block * T.Count * _padded, gradients.ShawKeys);
        }
        if (input.ShawValues is { } values)
        {
            GatherByDistance(values, block, from, to, _kept, _byDistance);
            values.AccumulateGradient(_byDistance, _dORows, gradients.ShawValues);
        }
    }

    /// <summary>The row of the clipped distance j - i.</summary>
    private int Row(int query, int key) => Math.Clamp(key - query, -_clip, _clip) + _clip;

    private void SpreadByDistance(int block, int from, int to, float* byDistance, float* target)
    {
        int n = T.Count;
        for (int j = from; j < to; j++)
            for (int lane = 0; lane < n; lane++)
                target[(nint)(j - from) * n + lane] += byDistance[Row(block * n + lane, j) * n + lane];
    }

    private void GatherByDistance(ShawVectors<T> vectors, int block, int from, int to, float* source, float* byDistance)
    {
        int n = T.Count;
        new Span<float>(byDistance, vectors.PaddedDistances * n).Clear();
        for (int j = from; j < to; j++)
            for (int lane = 0; lane < n; lane++)
                byDistance[Row(block * n + lane, j) * n + lane] += source[(nint)(j - from) * n + lane];
    }

    private void AccumulateByDistance(int head, int block, int from, int to, float* byDistance)
    {
        int n = T.Count;
        for (int j = from; j < to; j++)
        {
            float* target = byDistance + _tables.Offset(head, block * n, j);
            T.Store(T.Load(target) + T.Load(_dScores + (nint)(j - from) * n), target);
        }
    }
}
