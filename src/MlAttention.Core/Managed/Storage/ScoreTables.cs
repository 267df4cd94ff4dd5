namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// What is added to the score of query i and key j, for every scheme and mask where it depends on i - j alone: one table a head,
/// in which the lanes of N consecutive queries lie one behind the other. Masked pairs hold minus infinity.
/// </summary>
internal sealed unsafe class ScoreTables<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly SequenceModelOptions _model;
    private readonly int _reach;
    private readonly int _stride;
    private readonly NativeBuffer _tables;

    /// <param name="model">The architecture.</param>
    /// <param name="length">Longest sequence in tokens.</param>
    public ScoreTables(SequenceModelOptions model, int length)
    {
        _model = model;
        _reach = length + T.Count;
        _stride = 2 * _reach + 1;
        bool hasMask = model.Mask != MaskKind.Bidirectional || model.Algorithm == AttentionAlgorithm.LocalWindow;
        IsNeeded = hasMask || model.Positions is PositionScheme.Alibi or PositionScheme.RelativeBias;
        _tables = new NativeBuffer(IsNeeded ? (long)model.Heads * _stride : 0);
        if (IsNeeded) Fill(null);
    }

    /// <summary>False when every entry is 0.</summary>
    public bool IsNeeded { get; }

    /// <summary>The entry of query <paramref name="query"/> and key <paramref name="key"/>; the following queries lie behind it.</summary>
    public float* At(int head, int query, int key) => _tables.Start + (nint)head * _stride + query - key + _reach;

    /// <summary>Keys that some of the queries [query, query + count) may attend to; the first is a multiple of N.</summary>
    public (int From, int To) Keys(int query, int count, int length)
    {
        var (left, right) = Window(_model);
        int from = left == int.MaxValue ? 0 : Math.Max(0, query - left);
        int to = right == int.MaxValue ? length : (int)Math.Min(length, (long)query + count + right);
        return (from / T.Count * T.Count, to);
    }

    /// <summary>Recomputes the tables from the trained bias [Buckets,H] of the relative-bias scheme, or null.</summary>
    public void Fill(float* bias)
    {
        var (left, right) = Window(_model);
        var (leftSlopes, rightSlopes) = Slopes(_model);
        for (int head = 0; head < _model.Heads; head++)
        {
            for (int distance = -_reach; distance <= _reach; distance++)   // i - j
            {
                float value = 0;
                if (distance > left || -distance > right) value = float.NegativeInfinity;
                else if (_model.Positions == PositionScheme.Alibi)
                {
                    bool looksLeft = head < leftSlopes.Length;
                    if (_model.PositionDetails.HasOneSidedAlibi(_model.Mask) && (looksLeft ? distance < 0 : distance > 0)) value = float.NegativeInfinity;
                    else value = (float)(-(looksLeft ? leftSlopes[head] : rightSlopes[head - leftSlopes.Length]) * Math.Abs(distance));
                }
                else if (bias != null) value = bias[Bucket(-distance) * _model.Heads + head];
                *At(head, distance, 0) = value / (float)_model.Temperature;
            }
        }
    }

    /// <summary>Adds the gradient by distance, laid out as the tables, to the gradient of the trained bias [Buckets,H].</summary>
    public void AddBiasGradient(float* byDistance, float* biasGradient)
    {
        for (int head = 0; head < _model.Heads; head++)
            for (int distance = -_reach; distance <= _reach; distance++)
                biasGradient[Bucket(-distance) * _model.Heads + head] += byDistance[(nint)head * _stride + distance + _reach] / (float)_model.Temperature;
    }

    /// <summary>Floats of a worker's gradient by distance.</summary>
    public long Count => _tables.Length;

    /// <summary>Offset of an entry in a gradient by distance.</summary>
    public nint Offset(int head, int query, int key) => (nint)(At(head, query, key) - _tables.Start);

    public void Dispose() => _tables.Dispose();

    private int Bucket(int distance) => RelativeBuckets.Of(distance, _model.PositionDetails.Buckets, _model.PositionDetails.MaxDistance, !_model.Mask.IsCausal);

    private static (double[] Left, double[] Right) Slopes(SequenceModelOptions model)
    {
        if (model.Positions != PositionScheme.Alibi) return ([], []);
        return model.PositionDetails.HasOneSidedAlibi(model.Mask) ? AlibiSlopes.OneSided(model.Heads) : (AlibiSlopes.Of(model.Heads), []);
    }

    /// <summary>How far a query sees to the left and to the right.</summary>
    private static (int Left, int Right) Window(SequenceModelOptions model)
    {
        bool local = model.Mask.IsLocal || model.Algorithm == AttentionAlgorithm.LocalWindow;
        return (local ? model.WindowRadius : int.MaxValue, model.Mask.IsCausal ? 0 : local ? model.WindowRadius : int.MaxValue);
    }
}
