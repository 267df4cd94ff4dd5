namespace MlAttention.Core.Managed.Network;

/// <summary>
/// Attention of one head over one sequence, a group of blocks of N queries at a time. The backward pass reads the weights that the
/// forward pass kept, or, for long sequences, makes them again from each query's largest score, so that the memory is O(n).
/// </summary>
/// <remarks>
/// w = e^(q k + table - largest), s = sum of w over keys, m = dropout's factors; o = (w m) v / s.
/// Backward, with do' = do / s: dw = (v · do') m, dscore = w (dw - o · do'), dq = dscore k, dk = dscoreᵀ q, dv = (w m)ᵀ do'
/// (Dao et al. 2022, appendix B.4). Dropout's factor 1 / (1 - p) goes with 1 / s, so that m is 0 or 1.
/// </remarks>
internal sealed unsafe class HeadAttention<T> : IDisposable where T : struct, ILanes<T>
{
    /// <summary>Blocks of queries in one backward group: their gradients of keys and values are summed in registers.</summary>
    private const int BackwardGroup = 4;

    /// <summary>Blocks of queries in one forward group: as many as share a tile of keys in registers.</summary>
    private const int ForwardGroup = 2;

    private readonly int _depth;
    private readonly int _padded;
    private readonly int _heads;
    private readonly int _clip;
    private readonly bool _isLocal;
    private readonly ScoreTables<T> _tables;
    private readonly HeadLayout<T> _layout;
    private readonly HeadScratch _scratch;

    public HeadAttention(SequenceModelOptions model, ScoreTables<T> tables, RotaryTable<T>? rotary, int length, bool trains)
    {
        (_tables, _heads) = (tables, model.Heads);
        int width = model.ModelWidth / model.Heads;
        _depth = width + width % 2;                               // padded features are 0
        _padded = TokenLayout<T>.Pad(width);
        _clip = model.PositionDetails.ClipDistance;
        _isLocal = model.Mask.IsLocal;
        _layout = new HeadLayout<T>(_heads, _padded, rotary);
        _scratch = new HeadScratch(T.Count, TokenLayout<T>.Pad(length), _padded, TokenLayout<T>.Pad(2 * _clip + 1), trains ? BackwardGroup : ForwardGroup, trains);
    }

    /// <summary>Floats of the statistics of a head of a sequence.</summary>
    public static int StatisticsCount(int length) => 2 * TokenLayout<T>.Pad(length);

    /// <summary>Floats of the kept weights of a head of a sequence.</summary>
    public static long WeightsCount(int length) => (long)TokenLayout<T>.Pad(length) * TokenLayout<T>.Pad(length);

    /// <summary>Writes the head's output into packed blocks.</summary>
    public void Forward(in HeadInput<T> input, ref RandomLanes<T> random, float* output)
    {
        int n = T.Count, blocks = TokenLayout<T>.Blocks(input.Length), group = Group(ForwardGroup);
        nint strip = (nint)TokenLayout<T>.Pad(input.Length) * n;
        LaneView q = _layout.Query(input, _scratch.Query), k = _layout.Key(input, _scratch.Key), v = _layout.Value(input, _scratch.Value);
        LaneView o = _layout.Target(input, output, _layout.JoinedWidth, 0, _scratch.Output);
        for (int first = 0; first < blocks; first += group)
        {
            int count = Math.Min(group, blocks - first);
            var (from, to) = Keys(first, input.Length);
            int rows = TokenLayout<T>.Pad(to - from);
            var weights = new LaneView(input.Weights == null ? _scratch.Weights : input.Weights + first * strip, strip);
            LaneView kept = input.Dropout.IsOn ? new LaneView(_scratch.Gradients, strip) : weights;

            // 1. Weights, and what dropout keeps of them.
            StripProducts<T>.Scores(_depth, k, from, rows, q.From(first), count, weights);
            for (int i = 0; i < count; i++)
            {
                float* statistics = input.Statistics + (first + i) * 2 * n, scores = weights.Block(i);
                AddTables(input, first + i, from, to, q, scores);
                T largest = SoftmaxKernels<T>.Largest(scores, rows);
                T sum = Exponentials(input, scores, rows, largest, ref random, kept.Block(i));
                T.Store(largest, statistics);
                T.Store(T.Select(T.GreaterThan(sum, T.Create(0)), T.Create(1) / sum, T.Create(0)), statistics + n);
            }

            // 2. o = kept v / s.
            StripProducts<T>.Sums(v, _padded, from, rows, kept, count, o.From(first));
            for (int i = 0; i < count; i++)
            {
                float* target = o.Block(first + i);
                if (input.ShawValues is { } values)
                {
                    DistanceKernels<T>.Gather(kept.Block(i), _clip, (first + i) * n, from, to - from, _scratch.ByDistance);
                    values.AddTo(_scratch.ByDistance, target);
                }
                Scale(target, T.Load(input.Statistics + (first + i) * 2 * n + n) * KeepScale(input), target);
            }
        }
        _layout.Insert(input, o, output, _layout.JoinedWidth, 0);
    }

    /// <summary>From the output and its gradient to the gradients of query, key and value, in the layout of qkv.</summary>
    public void Backward(in HeadInput<T> input, ref RandomLanes<T> random, float* output, float* dOutput, float* dQkv, in HeadGradients gradients)
    {
        int n = T.Count, blocks = TokenLayout<T>.Blocks(input.Length), width = _layout.JoinedWidth, group = Group(BackwardGroup);
        nint strip = (nint)TokenLayout<T>.Pad(input.Length) * n, block = (nint)n * _padded;
        LaneView q = _layout.Query(input, _scratch.Query), k = _layout.Key(input, _scratch.Key), v = _layout.Value(input, _scratch.Value);
        LaneView o = _layout.Source(input, output, width, 0, _scratch.Output), dO = _layout.Source(input, dOutput, width, 0, _scratch.DOutput);
        LaneView dQ = _layout.Target(input, dQkv, 3 * width, 0, _scratch.DQuery);
        new Span<float>(_scratch.DKeyRows, blocks * n * _padded).Clear();
        new Span<float>(_scratch.DValueRows, blocks * n * _padded).Clear();
        for (int first = 0; first < blocks; first += group)
        {
            int count = Math.Min(group, blocks - first);
            var (from, to) = Keys(first, input.Length);
            int rows = TokenLayout<T>.Pad(to - from);
            var weights = new LaneView(input.Weights == null ? _scratch.Weights : input.Weights + first * strip, strip);
            var dScores = new LaneView(_scratch.Gradients, strip);
            LaneView kept = input.Dropout.IsOn ? new LaneView(_scratch.Weights, strip) : weights;

            // 1. do' = do / s, with dropout's factor, and token by token do' and q.
            for (int i = 0; i < count; i++)
            {
                float* scaled = _scratch.Scaled + i * block;
                Scale(dO.Block(first + i), InverseSum(input, first + i) * KeepScale(input), scaled);
                TokenLayout<T>.ToRows(scaled, 1, _padded, _scratch.DOutputRows + i * block);
                TokenLayout<T>.ToRows(q.Block(first + i), 1, _padded, _scratch.QueryRows + i * block);
            }

            // 2. The weights, if they were not kept.
            if (input.Weights == null)
            {
                StripProducts<T>.Scores(_depth, k, from, rows, q.From(first), count, weights);
                for (int i = 0; i < count; i++)
                {
                    AddTables(input, first + i, from, to, q, weights.Block(i));
                    Exponentials(input, weights.Block(i), rows, T.Load(input.Statistics + (first + i) * 2 * n), ref random, dScores.Block(i));
                }
            }

            // 3. dw = v · do', dscore = w (dw - o · do'), dq = dscore k.
            StripProducts<T>.Scores(_depth, v, from, rows, new LaneView(_scratch.Scaled, block), count, dScores);
            for (int i = 0; i < count; i++)
            {
                if (input.ShawValues is { } values)
                {
                    values.Project(_scratch.Scaled + i * block, _scratch.ByDistance);
                    DistanceKernels<T>.Spread(_scratch.ByDistance, _clip, (first + i) * n, from, to - from, dScores.Block(i));
                }
                T delta = Dot(o.Block(first + i), dO.Block(first + i)) * InverseSum(input, first + i);
                if (input.Dropout.IsOn) SoftmaxKernels<T>.BackwardDropped(weights.Block(i), dScores.Block(i), rows, delta, kept.Block(i));
                else SoftmaxKernels<T>.Backward(weights.Block(i), dScores.Block(i), rows, delta);
            }
            StripProducts<T>.Sums(k, _padded, from, rows, dScores, count, dQ.From(first));

            // 4. Parameters of positions.
            for (int i = 0; i < count; i++)
            {
                if (gradients.ByDistance != null) AccumulateTable(input.Head, first + i, from, to, dScores.Block(i), gradients.ByDistance);
                BackwardShaw(input, first + i, from, to, kept.Block(i), dScores.Block(i), _scratch.QueryRows + i * block, _scratch.DOutputRows + i * block, dQ.Block(first + i), gradients);
            }

            // 5. dk = dscoreᵀ q and dv = keptᵀ do', key by key.
            StripProducts<T>.AddTransposed(dScores, count, rows, _scratch.QueryRows, _padded, _scratch.DKeyRows + (nint)from * _padded);
            StripProducts<T>.AddTransposed(kept, count, rows, _scratch.DOutputRows, _padded, _scratch.DValueRows + (nint)from * _padded);
        }
        _layout.RotateBack(input, dQ);
        _layout.Insert(input, dQ, dQkv, 3 * width, 0);
        _layout.InsertRows(input, _scratch.DKeyRows, dQkv, width, rotates: true, _scratch.DQuery);
        _layout.InsertRows(input, _scratch.DValueRows, dQkv, 2 * width, rotates: false, _scratch.DQuery);
    }

    public void Dispose() => _scratch.Dispose();

    /// <summary>Blocks of queries in a group; in a window each block has keys of its own.</summary>
    private int Group(int group) => _isLocal ? 1 : group;

    /// <summary>Keys that some of the queries of a block's backward group may attend to, the same in both passes; the first is a multiple of N.</summary>
    private (int From, int To) Keys(int block, int length)
    {
        int group = Group(BackwardGroup);
        return _tables.Keys(block / group * group * T.Count, group * T.Count, length);
    }

    private static T KeepScale(in HeadInput<T> input) => T.Create(input.Dropout.IsOn ? input.Dropout.KeepScale : 1);

    /// <summary>Scores to weights; with dropout, dropped ones get a minus sign and kept holds the others.</summary>
    private static T Exponentials(in HeadInput<T> input, float* scores, int rows, T largest, ref RandomLanes<T> random, float* kept) => input.Dropout.IsOn
        ? SoftmaxKernels<T>.DroppedExponentials(scores, rows, largest, input.Dropout.Probability, ref random, kept)
        : SoftmaxKernels<T>.Exponentials(scores, rows, largest);

    private void Scale(float* source, T factor, float* target)
    {
        for (int i = 0; i < _padded; i++) T.Store(T.Load(source + i * T.Count) * factor, target + i * T.Count);
    }

    /// <summary>Adds to a block's products of queries and keys what depends on positions; minus infinity behind the keys up to a multiple of N.</summary>
    private void AddTables(in HeadInput<T> input, int block, int from, int to, LaneView q, float* scores)
    {
        int n = T.Count, first = block * n;
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

    private static T InverseSum(in HeadInput<T> input, int block) => T.Load(input.Statistics + block * 2 * T.Count + T.Count);

    private T Dot(float* left, float* right)
    {
        T sum = T.Create(0);
        for (int i = 0; i < _depth; i++) sum = T.MultiplyAdd(T.Load(left + i * T.Count), T.Load(right + i * T.Count), sum);
        return sum;
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
