using MlAttention.Encoders;
using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>Pools one sequence of packed blocks to a vector [D], and back. A sequence without tokens pools to zeros.</summary>
internal sealed unsafe class SequencePooler<T> where T : struct, ILanes<T>
{
    private readonly PoolingKind _kind;
    private readonly int _width;
    private readonly int _padded;
    private readonly long _queryOffset = -1;

    public SequencePooler(SequenceModelOptions model, FlatWeights weights)
    {
        (_kind, _width, _padded) = (model.Pooling, model.ModelWidth, TokenLayout<T>.Pad(model.ModelWidth));
        if (_kind == PoolingKind.Attention) _queryOffset = weights.Offset("pooling.query");
    }

    /// <param name="x">Packed blocks.</param>
    /// <param name="start">The sequence's first token.</param>
    /// <param name="length">The sequence's tokens.</param>
    /// <param name="weights">All weights.</param>
    /// <param name="tokenWeights">[length]: room for each token's share, which the backward pass reads (mean, attention).</param>
    /// <param name="pooled">[D].</param>
    public void Forward(float* x, int start, int length, float* weights, float* tokenWeights, float* pooled)
    {
        new Span<float>(pooled, _width).Clear();
        if (length == 0) return;
        if (_kind == PoolingKind.Max)
        {
            for (int i = 0; i < _width; i++) pooled[i] = *At(x, start + Largest(x, start, length, i), i);
            return;
        }
        Share(x, start, length, weights, tokenWeights);
        for (int token = 0; token < length; token++)
        {
            if (tokenWeights[token] == 0) continue;
            for (int i = 0; i < _width; i++) pooled[i] += tokenWeights[token] * *At(x, start + token, i);
        }
    }

    /// <summary>Adds the gradient of the sequence to dx, which holds zeros, and that of the query to the gradients.</summary>
    public void Backward(float* x, int start, int length, float* weights, float* tokenWeights, float* dPooled, float* dx, float* gradients)
    {
        if (length == 0) return;
        if (_kind == PoolingKind.Max)
        {
            for (int i = 0; i < _width; i++) *At(dx, start + Largest(x, start, length, i), i) = dPooled[i];
            return;
        }
        for (int token = 0; token < length; token++)
            for (int i = 0; i < _width; i++) *At(dx, start + token, i) = tokenWeights[token] * dPooled[i];
        if (_kind == PoolingKind.Attention) BackwardShares(x, start, length, weights, tokenWeights, dPooled, dx, gradients);
    }

    private void BackwardShares(float* x, int start, int length, float* weights, float* tokenWeights, float* dPooled, float* dx, float* gradients)
    {
        float scale = 1 / MathF.Sqrt(_width), expected = 0;
        float* query = weights + _queryOffset, dQuery = gradients + _queryOffset;
        for (int token = 0; token < length; token++) expected += tokenWeights[token] * Dot(x, start + token, dPooled);
        for (int token = 0; token < length; token++)
        {
            float dScore = tokenWeights[token] * (Dot(x, start + token, dPooled) - expected) * scale;
            for (int i = 0; i < _width; i++)
            {
                *At(dx, start + token, i) += dScore * query[i];
                dQuery[i] += dScore * *At(x, start + token, i);
            }
        }
    }

    private void Share(float* x, int start, int length, float* weights, float* shares)
    {
        var all = new Span<float>(shares, length);
        switch (_kind)
        {
            case PoolingKind.Mean:
                all.Fill(1f / length);
                break;
            case PoolingKind.Attention:
                for (int token = 0; token < length; token++) shares[token] = Dot(x, start + token, weights + _queryOffset) / MathF.Sqrt(_width);
                Softmax.InPlace(all);
                break;
            default:
                all.Clear();
                shares[_kind == PoolingKind.Cls ? 0 : length - 1] = 1;
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

    private float Dot(float* x, int token, float* vector)
    {
        float sum = 0;
        for (int i = 0; i < _width; i++) sum += *At(x, token, i) * vector[i];
        return sum;
    }

    private float* At(float* x, int token, int feature) => x + ((nint)(token / T.Count) * _padded + feature) * T.Count + token % T.Count;
}
