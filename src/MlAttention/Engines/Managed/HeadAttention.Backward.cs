namespace MlAttention.Engines.Managed;

/// <content>The backward pass.</content>
internal sealed unsafe partial class HeadAttention<T>
{
    /// <summary>From the output and its gradient to the gradients of query, key and value, in the layout of qkv.</summary>
    public void Backward(in HeadInput<T> input, ref Lanes.RandomLanes<T> random, float* output, float* dOutput, float* dQkv, in HeadGradients gradients)
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
            float* weights = input.Weights == null ? _scratch.Weights : input.Weights + first * strip;
            float* kept = input.Dropout.IsOn ? _scratch.Weights : weights, dScores = _scratch.Gradients;

            // 1. do' = do / s, with dropout's factor, and token by token do' and q.
            for (int i = 0; i < count; i++)
            {
                float* scaled = _scratch.Scaled + i * block;
                Scale(dO.Block(first + i), InverseSum(input, first + i) * KeepScale(input), scaled);
                Transpose(scaled, _scratch.DOutputRows + i * block);
                Transpose(q.Block(first + i), _scratch.QueryRows + i * block);
            }

            // 2. The weights, if they were not kept.
            if (input.Weights == null)
            {
                StripProducts<T>.Scores(_depth, k, from, rows, q.Block(first), q.Stride, count, weights, strip);
                for (int i = 0; i < count; i++)
                {
                    AddTables(input, first + i, from, to, q, weights + i * strip);
                    Exponentials(input, weights + i * strip, rows, T.Load(input.Statistics + (first + i) * 2 * n), ref random, dScores + i * strip);
                }
            }

            // 3. dw = v · do', dscore = w (dw - o · do'), dq = dscore k.
            StripProducts<T>.Scores(_depth, v, from, rows, _scratch.Scaled, block, count, dScores, strip);
            for (int i = 0; i < count; i++)
            {
                if (input.ShawValues is { } values)
                {
                    values.Project(_scratch.Scaled + i * block, _scratch.ByDistance);
                    DistanceKernels<T>.Spread(_scratch.ByDistance, _clip, (first + i) * n, from, to - from, dScores + i * strip);
                }
                T delta = Dot(o.Block(first + i), dO.Block(first + i)) * InverseSum(input, first + i);
                if (input.Dropout.IsOn) SoftmaxKernels<T>.BackwardDropped(weights + i * strip, dScores + i * strip, rows, delta, kept + i * strip);
                else SoftmaxKernels<T>.Backward(weights + i * strip, dScores + i * strip, rows, delta);
            }
            StripProducts<T>.Sums(k, _padded, from, rows, dScores, strip, count, dQ.Block(first), dQ.Stride);

            // 4. Parameters of positions.
            for (int i = 0; i < count; i++)
            {
                if (gradients.ByDistance != null) AccumulateTable(input.Head, first + i, from, to, dScores + i * strip, gradients.ByDistance);
                BackwardShaw(input, first + i, from, to, kept + i * strip, dScores + i * strip, _scratch.QueryRows + i * block, _scratch.DOutputRows + i * block, dQ.Block(first + i), gradients);
            }

            // 5. dk = dscoreᵀ q and dv = keptᵀ do', key by key.
            StripProducts<T>.AddTransposed(dScores, strip, count, rows, _scratch.QueryRows, _padded, _scratch.DKeyRows + (nint)from * _padded);
            StripProducts<T>.AddTransposed(kept, strip, count, rows, _scratch.DOutputRows, _padded, _scratch.DValueRows + (nint)from * _padded);
        }
        _layout.RotateBack(input, dQ);
        _layout.Insert(input, dQ, dQkv, 3 * width, 0);
        _layout.InsertRows(input, _scratch.DKeyRows, dQkv, width, rotates: true, _scratch.DQuery);
        _layout.InsertRows(input, _scratch.DValueRows, dQkv, 2 * width, rotates: false, _scratch.DQuery);
    }

    private static T InverseSum(in HeadInput<T> input, int block) => T.Load(input.Statistics + block * 2 * T.Count + T.Count);

    /// <summary>One block [feature][N] to rows [token][feature].</summary>
    private void Transpose(float* block, float* rows)
    {
        for (int feature = 0; feature < _padded; feature += T.Count) T.Transpose(block + feature * T.Count, T.Count, rows + feature, _padded);
    }

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
