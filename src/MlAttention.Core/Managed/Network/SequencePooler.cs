namespace MlAttention.Core.Managed.Network;

/// <summary>Pools one sequence of packed blocks to a vector [D], and back. A sequence without tokens pools to zeros.</summary>
/// <remarks>
/// pooled = sum over tokens of share x. Mean: share = 1 / length. Attention: softmax(x · query / sqrt(D)). Cls, first, last: 1 at one token.
/// Shares lie in the lanes of the sequence's blocks, 0 in the lanes of other sequences, so that sums run over whole blocks. Sums of
/// lanes begin with the lane of the sequence's first token, so that a sequence pools to the same bits wherever it lies among others.
/// </remarks>
internal sealed unsafe class SequencePooler<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly PoolingKind _kind;
    private readonly int _width;
    private readonly int _padded;
    private readonly long _queryOffset = -1;
    private readonly NativeBuffer _memory;
    private readonly float* _shares, _products, _turned;
    private int _skipped;      // lanes before the sequence's first token

    public SequencePooler(SequenceModelOptions model, FlatWeights weights, int length)
    {
        (_kind, _width, _padded) = (model.Pooling, model.ModelWidth, TokenLayout<T>.Pad(model.ModelWidth));
        if (_kind == PoolingKind.Attention) _queryOffset = weights.Offset("pooling.query");
        int lanes = TokenLayout<T>.Pad(length) + T.Count;
        _memory = new NativeBuffer(2L * lanes + 2 * T.Count);
        _shares = _memory.Start;
        _products = _shares + lanes;
        _turned = _products + lanes;
    }

    /// <param name="x">Packed blocks.</param>
    /// <param name="start">The sequence's first token.</param>
    /// <param name="length">The sequence's tokens.</param>
    /// <param name="weights">All weights.</param>
    /// <param name="pooled">[D].</param>
    public void Forward(float* x, int start, int length, float* weights, float* pooled)
    {
        new Span<float>(pooled, _width).Clear();
        if (length == 0) return;
        if (_kind == PoolingKind.Max)
        {
            for (int i = 0; i < _width; i++) pooled[i] = *At(x, start + Largest(x, start, length, i), i);
            return;
        }
        int first = start / T.Count, blocks = TokenLayout<T>.Blocks(start + length) - first;
        Share(x, start, length, weights);
        for (int i = 0; i < _width; i++) pooled[i] = SumOfShares(x, first, blocks, i);
    }

    /// <summary>After <see cref="Forward"/> of the same sequence: adds its gradient to dx, and that of the query to the gradients.</summary>
    public void Backward(float* x, int start, int length, float* weights, float* dPooled, float* dx, float* gradients)
    {
        if (length == 0) return;
        if (_kind == PoolingKind.Max)
        {
            for (int i = 0; i < _width; i++) *At(dx, start + Largest(x, start, length, i), i) += dPooled[i];
            return;
        }
        int first = start / T.Count, blocks = TokenLayout<T>.Blocks(start + length) - first;
        AddOuter(dx, first, blocks, dPooled);
        if (_kind == PoolingKind.Attention) BackwardShares(x, first, blocks, weights + _queryOffset, dPooled, dx, gradients + _queryOffset);
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>dshare = x · dpooled; dscore = share (dshare - sum of share dshare) / sqrt(D); dx += dscore query; dquery += dscore x.</summary>
    private void BackwardShares(float* x, int first, int blocks, float* query, float* dPooled, float* dx, float* dQuery)
    {
        T expected = T.Create(0), scale = T.Create(1 / MathF.Sqrt(_width));
        for (int block = 0; block < blocks; block++)
        {
            T product = Dot(x, first + block, dPooled);
            expected = T.MultiplyAdd(T.Load(_shares + block * T.Count), product, expected);
            T.Store(product, _products + block * T.Count);
        }
        T mean = T.Create(Sum(expected));
        for (int lane = 0; lane < blocks * T.Count; lane += T.Count)
            T.Store(T.Load(_shares + lane) * (T.Load(_products + lane) - mean) * scale, _shares + lane);
        AddOuter(dx, first, blocks, query);
        for (int i = 0; i < _width; i++) dQuery[i] += SumOfShares(x, first, blocks, i);
    }

    /// <summary>The sum over the tokens of share x, for one feature.</summary>
    private float SumOfShares(float* x, int first, int blocks, int feature)
    {
        T sum = T.Create(0);
        for (int block = 0; block < blocks; block++) sum = T.MultiplyAdd(T.Load(_shares + block * T.Count), T.Load(Feature(x, first + block, feature)), sum);
        return Sum(sum);
    }

    /// <summary>The sum of the lanes, the first token's first.</summary>
    private float Sum(T lanes)
    {
        if (_skipped == 0) return T.Sum(lanes);
        T.Store(lanes, _turned);
        T.Store(lanes, _turned + T.Count);
        return T.Sum(T.Load(_turned + _skipped));
    }

    /// <summary>dx[token] += share[token] vector.</summary>
    private void AddOuter(float* dx, int first, int blocks, float* vector)
    {
        for (int block = 0; block < blocks; block++)
        {
            T share = T.Load(_shares + block * T.Count);
            for (int i = 0; i < _width; i++)
            {
                float* target = Feature(dx, first + block, i);
                T.Store(T.MultiplyAdd(share, T.Create(vector[i]), T.Load(target)), target);
            }
        }
    }

    private void Share(float* x, int start, int length, float* weights)
    {
        int first = start / T.Count, blocks = TokenLayout<T>.Blocks(start + length) - first;
        _skipped = start % T.Count;
        new Span<float>(_shares, blocks * T.Count).Clear();
        var shares = new Span<float>(_shares + _skipped, length);
        switch (_kind)
        {
            case PoolingKind.Mean:
                shares.Fill(1f / length);
                break;
            case PoolingKind.Attention:
                T scale = T.Create(1 / MathF.Sqrt(_width));
                for (int block = 0; block < blocks; block++) T.Store(Dot(x, first + block, weights + _queryOffset) * scale, _products + block * T.Count);
                new Span<float>(_products + _skipped, length).CopyTo(shares);
                Softmax.InPlace(shares);
                break;
            default:
                shares[_kind == PoolingKind.Last ? length - 1 : 0] = 1;
                break;
        }
    }

    private int Largest(float* x, int start, int length, int feature)
    {
        int largest = 0;
        for (int token = 1; token < length; token++)
            if (*At(x, start + token, feature) > *At(x, start + largest, feature)) largest = token;
        return largest;
    }

    private T Dot(float* x, int block, float* vector)
    {
        T sum = T.Create(0);
        for (int i = 0; i < _width; i++) sum = T.MultiplyAdd(T.Load(Feature(x, block, i)), T.Create(vector[i]), sum);
        return sum;
    }

    private float* Feature(float* x, int block, int feature) => x + ((nint)block * _padded + feature) * T.Count;

    private float* At(float* x, int token, int feature) => Feature(x, token / T.Count, feature) + token % T.Count;
}
