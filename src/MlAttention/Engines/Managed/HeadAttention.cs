using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>
/// Attention of one head over one sequence, N queries at a time. The backward pass reads the weights that the forward pass kept,
/// or, for long sequences, makes them again from each query's largest score, so that the memory is O(n).
/// </summary>
/// <remarks>
/// w = e^(q k + table - largest), s = sum of w over keys, m = dropout's factors; o = (w m) v / s.
/// Backward, with do' = do / s: dw = (v · do') m, dscore = w (dw - o · do'), dq = dscore k, dk = dscoreᵀ q, dv = (w m)ᵀ do'
/// (Dao et al. 2022, appendix B.4). Dropout's factor 1 / (1 - p) goes with 1 / s, so that m is 0 or 1.
/// </remarks>
internal sealed unsafe class HeadAttention<T> : IDisposable where T : struct, ILanes<T>
{
    /// <summary>Blocks of queries whose gradients of keys and values are summed in registers.</summary>
    private const int WideGroup = 4;
    private readonly int _headWidth;
    private readonly int _padded;
    private readonly int _heads;
    private readonly ScoreTables<T> _tables;
    private readonly RotaryTable<T>? _rotary;
    private readonly int _clip;
    private readonly int _group;
    private readonly HeadScratch _scratch;

    public HeadAttention(SequenceModelOptions model, ScoreTables<T> tables, RotaryTable<T>? rotary, int length, bool trains)
    {
        (_tables, _rotary, _heads) = (tables, rotary, model.Heads);
        _headWidth = model.ModelWidth / model.Heads;
        _padded = TokenLayout<T>.Pad(_headWidth);
        _clip = model.PositionDetails.ClipDistance;
        _group = model.Mask is MaskKind.LocalWindow or MaskKind.CausalLocalWindow ? 1 : WideGroup;
        _scratch = new HeadScratch(T.Count, TokenLayout<T>.Pad(length), _padded, TokenLayout<T>.Pad(2 * _clip + 1), _group, trains);
    }

    private int JoinedWidth => _heads * _padded;

    /// <summary>Floats of the statistics of a head of a sequence.</summary>
    public static int StatisticsCount(int length) => 2 * TokenLayout<T>.Pad(length);

    /// <summary>Floats of the kept weights of a head of a sequence.</summary>
    public static long WeightsCount(int length) => (long)TokenLayout<T>.Pad(length) * TokenLayout<T>.Pad(length);

    /// <summary>Writes the head's output into packed blocks.</summary>
    public void Forward(in HeadInput<T> input, ref RandomLanes<T> random, float* output)
    {
        int n = T.Count, blocks = TokenLayout<T>.Blocks(input.Length);
        nint strip = (nint)TokenLayout<T>.Pad(input.Length) * n;
        LaneView q = Query(input), k = Key(input), v = Value(input), o = Target(input, output, JoinedWidth, 0, _scratch.Output);
        for (int block = 0; block < blocks; block++)
        {
            // 1. Weights, and what dropout keeps of them.
            var (from, to) = Keys(block, input.Length);
            int rows = TokenLayout<T>.Pad(to - from);
            float* weights = input.Weights == null ? _scratch.Weights : input.Weights + block * strip, kept = weights;
            float* statistics = input.Statistics + block * 2 * n;
            Score(input, block, from, to, q, k, weights);
            T largest = SoftmaxKernels<T>.Largest(weights, rows), sum = SoftmaxKernels<T>.Exponentials(weights, rows, largest);
            T inverse = T.Select(T.GreaterThan(sum, T.Create(0)), T.Create(1) / sum, T.Create(0));
            T.Store(largest, statistics);
            T.Store(inverse, statistics + n);
            if (input.Dropout.IsOn)
            {
                kept = _scratch.Gradients;
                SoftmaxKernels<T>.Drop(weights, rows, input.Dropout.Probability, ref random, kept);
            }

            // 2. o = kept v / s.
            float* target = o.Block(block);
            for (int feature = 0; feature < _padded; feature += n)
                T.AccumulateTokens(rows / n, v.Block(from / n) + feature * n, v.Stride, kept, n, target + feature * n, n, false);
            if (input.ShawValues is { } values)
            {
                DistanceKernels<T>.Gather(kept, _clip, block * n, from, to - from, _scratch.ByDistance);
                values.AddTo(_scratch.ByDistance, target);
            }
            Scale(target, inverse * T.Create(input.Dropout.IsOn ? input.Dropout.KeepScale : 1), target);
        }
        Insert(input, o, output, JoinedWidth, 0);
    }

    /// <summary>From the output and its gradient to the gradients of query, key and value, in the layout of qkv.</summary>
    public void Backward(in HeadInput<T> input, ref RandomLanes<T> random, float* output, float* dOutput, float* dQkv, in HeadGradients gradients)
    {
        int n = T.Count, blocks = TokenLayout<T>.Blocks(input.Length), width = JoinedWidth;
        nint strip = (nint)TokenLayout<T>.Pad(input.Length) * n;
        LaneView q = Query(input), k = Key(input), v = Value(input);
        LaneView o = Source(input, output, width, 0, _scratch.Output), dO = Source(input, dOutput, width, 0, _scratch.DOutput);
        LaneView dQ = Target(input, dQkv, 3 * width, 0, _scratch.DQuery);
        new Span<float>(_scratch.DKeyRows, blocks * n * _padded).Clear();
        new Span<float>(_scratch.DValueRows, blocks * n * _padded).Clear();
        for (int first = 0; first < blocks; first += _group)
        {
            int count = Math.Min(_group, blocks - first);
            var (from, to) = Keys(first, input.Length);
            int rows = TokenLayout<T>.Pad(to - from);
            float* groupWeights = input.Weights == null ? _scratch.Weights : input.Weights + first * strip;
            for (int i = 0; i < count; i++)
            {
                int block = first + i;
                float* weights = groupWeights + i * strip, dScores = _scratch.Gradients + i * strip;
                float* qBlock = q.Block(block), dOBlock = dO.Block(block), dQBlock = dQ.Block(block), scaled = _scratch.Scaled;
                float* qRows = _scratch.QueryRows + (nint)i * n * _padded, dORows = _scratch.DOutputRows + (nint)i * n * _padded;

                // 1. do' = do / s, delta = o · do'.
                T inverse = T.Load(input.Statistics + block * 2 * n + n);
                T delta = Dot(o.Block(block), dOBlock) * inverse;
                Scale(dOBlock, inverse * T.Create(input.Dropout.IsOn ? input.Dropout.KeepScale : 1), scaled);
                Transpose(scaled, dORows);
                Transpose(qBlock, qRows);

                // 2. The weights, if they were not kept.
                if (input.Weights == null)
                {
                    Score(input, block, from, to, q, k, weights);
                    SoftmaxKernels<T>.Exponentials(weights, rows, T.Load(input.Statistics + block * 2 * n));
                    if (input.Dropout.IsOn) SoftmaxKernels<T>.Drop(weights, rows, input.Dropout.Probability, ref random, dScores);
                }

                // 3. dw = v · do', dscore = w (dw - delta), dq = dscore k.
                for (int row = 0; row < rows; row += n)
                    T.MultiplyTile(_headWidth, v.Block((from + row) / n), n, scaled, n, dScores + (nint)row * n, n, null, false);
                if (input.ShawValues is { } values)
                {
                    values.Project(scaled, _scratch.ByDistance);
                    DistanceKernels<T>.Spread(_scratch.ByDistance, _clip, block * n, from, to - from, dScores);
                }
                if (input.Dropout.IsOn) SoftmaxKernels<T>.BackwardDropped(weights, dScores, rows, delta);
                else SoftmaxKernels<T>.Backward(weights, dScores, rows, delta);
                for (int feature = 0; feature < _padded; feature += n)
                    T.AccumulateTokens(rows / n, k.Block(from / n) + feature * n, k.Stride, dScores, n, dQBlock + feature * n, n, false);

                // 4. Parameters of positions.
                if (gradients.ByDistance != null) AccumulateTable(input.Head, block, from, to, dScores, gradients.ByDistance);
                BackwardShaw(input, block, from, to, weights, dScores, qRows, dORows, dQBlock, gradients);
            }

            // 5. dk = dscoreᵀ q and dv = weightsᵀ do', key by key, summed over the group's queries.
            for (int row = 0; row < rows; row += n)
            {
                for (int feature = 0; feature < _padded; feature += n)
                {
                    nint key = ((nint)from + row) * _padded + feature;
                    T.AccumulateTokens(count, groupWeights + (nint)row * n, strip, _scratch.DOutputRows + feature, _padded, _scratch.DValueRows + key, _padded, true);
                    T.AccumulateTokens(count, _scratch.Gradients + (nint)row * n, strip, _scratch.QueryRows + feature, _padded, _scratch.DKeyRows + key, _padded, true);
                }
            }
        }
        _rotary?.Rotate(dQ.Start, blocks, _padded, inverse: true);
        Insert(input, dQ, dQkv, 3 * width, 0);
        LaneView dK = FromRows(input, _scratch.DKeyRows, dQkv, width);
        _rotary?.Rotate(dK.Start, blocks, _padded, inverse: true);
        Insert(input, dK, dQkv, 3 * width, width);
        Insert(input, FromRows(input, _scratch.DValueRows, dQkv, 2 * width), dQkv, 3 * width, 2 * width);
    }

    public void Dispose() => _scratch.Dispose();

    private LaneView Query(in HeadInput<T> input) => Rotated(input, Source(input, input.Qkv, 3 * JoinedWidth, 0, _scratch.Query));

    private LaneView Key(in HeadInput<T> input) => Rotated(input, Source(input, input.Qkv, 3 * JoinedWidth, JoinedWidth, _scratch.Key));

    private LaneView Value(in HeadInput<T> input) => Source(input, input.Qkv, 3 * JoinedWidth, 2 * JoinedWidth, _scratch.Value);

    /// <summary>Keys that some of the queries of a block's group may attend to; the first is a multiple of N.</summary>
    private (int From, int To) Keys(int block, int length) => _tables.Keys(block / _group * _group * T.Count, _group * T.Count, length);

    /// <summary>Whether the packed blocks can be used as they are: lane 0 is the first token, and nobody else's lanes are written.</summary>
    private bool IsAligned(in HeadInput<T> input) => _rotary is null && input.OwnsBlocks;

    /// <summary>The head's features of the sequence in packed blocks of <paramref name="width"/> features, copied where they must be.</summary>
    private LaneView Source(in HeadInput<T> input, float* packed, int width, int from, float* copy)
    {
        if (IsAligned(input)) return Target(input, packed, width, from, copy);
        TokenLayout<T>.Extract(packed, width, from + input.Head * _padded, _padded, input.Start, input.Length, copy);
        return new LaneView(copy, (nint)_padded * T.Count, true);
    }

    /// <summary>Where to write such features; <see cref="Insert"/> brings a copy home.</summary>
    private LaneView Target(in HeadInput<T> input, float* packed, int width, int from, float* copy) => IsAligned(input)
        ? new LaneView(packed + (nint)input.Start * width + (nint)(from + input.Head * _padded) * T.Count, (nint)width * T.Count, false)
        : new LaneView(copy, (nint)_padded * T.Count, true);

    private void Insert(in HeadInput<T> input, LaneView view, float* packed, int width, int from)
    {
        if (view.IsCopy) TokenLayout<T>.Insert(view.Start, _padded, packed, width, from + input.Head * _padded, input.Start, input.Length);
    }

    private LaneView Rotated(in HeadInput<T> input, LaneView view)
    {
        _rotary?.Rotate(view.Start, TokenLayout<T>.Blocks(input.Length), _padded, inverse: false);
        return view;
    }

    /// <summary>Gradients by key, [key][feature], to lanes.</summary>
    private LaneView FromRows(in HeadInput<T> input, float* rows, float* dQkv, int from)
    {
        LaneView target = Target(input, dQkv, 3 * JoinedWidth, from, _scratch.DQuery);
        for (int block = 0; block < TokenLayout<T>.Blocks(input.Length); block++)
            for (int feature = 0; feature < _padded; feature += T.Count)
                T.Transpose(rows + (nint)block * T.Count * _padded + feature, _padded, target.Block(block) + feature * T.Count, T.Count);
        return target;
    }

    /// <summary>One block [feature][N] to rows [token][feature].</summary>
    private void Transpose(float* block, float* rows)
    {
        for (int feature = 0; feature < _padded; feature += T.Count) T.Transpose(block + feature * T.Count, T.Count, rows + feature, _padded);
    }

    private T Dot(float* left, float* right)
    {
        T sum = T.Create(0);
        for (int i = 0; i < _headWidth; i++) sum = T.MultiplyAdd(T.Load(left + i * T.Count), T.Load(right + i * T.Count), sum);
        return sum;
    }

    private void Scale(float* source, T factor, float* target)
    {
        for (int i = 0; i < _padded; i++) T.Store(T.Load(source + i * T.Count) * factor, target + i * T.Count);
    }

    /// <summary>Scores of a block's queries with the keys [from, to); minus infinity behind them up to a multiple of N.</summary>
    private void Score(in HeadInput<T> input, int block, int from, int to, LaneView q, LaneView k, float* scores)
    {
        int n = T.Count, first = block * n;
        for (int key = from; key < to; key += n)
            T.MultiplyTile(_headWidth, k.Block(key / n), n, q.Block(block), n, scores + (nint)(key - from) * n, n, null, false);
        if (input.ShawKeys is { } vectors)
        {
            vectors.Project(q.Block(block), _scratch.ByDistance);
            DistanceKernels<T>.Spread(_scratch.ByDistance, _clip, first, from, to - from, scores);
        }
        if (_tables.IsNeeded)
        {
            for (int j = from; j < to; j++)
            {
                float* score = scores + (nint)(j - from) * n;
                T.Store(T.Load(score) + T.Load(_tables.At(input.Head, first, j)), score);
            }
        }
        for (int row = to - from; row % n != 0; row++) T.Store(T.Create(float.NegativeInfinity), scores + (nint)row * n);
    }

    private void BackwardShaw(in HeadInput<T> input, int block, int from, int to, float* kept, float* dScores, float* qRows, float* dORows, float* dQ, in HeadGradients gradients)
    {
        float* byDistance = _scratch.ByDistance;
        if (input.ShawKeys is { } keys)
        {
            DistanceKernels<T>.Gather(dScores, _clip, block * T.Count, from, to - from, byDistance);
            keys.AddTo(byDistance, dQ);
            keys.AccumulateGradient(byDistance, qRows, gradients.ShawKeys);
        }
        if (input.ShawValues is { } values)
        {
            DistanceKernels<T>.Gather(kept, _clip, block * T.Count, from, to - from, byDistance);
            values.AccumulateGradient(byDistance, dORows, gradients.ShawValues);
        }
    }

    private void AccumulateTable(int head, int block, int from, int to, float* dScores, float* byDistance)
    {
        int n = T.Count;
        for (int j = from; j < to; j++)
        {
            float* target = byDistance + _tables.Offset(head, block * n, j);
            T.Store(T.Load(target) + T.Load(dScores + (nint)(j - from) * n), target);
        }
    }
}
