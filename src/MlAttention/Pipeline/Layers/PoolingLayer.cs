using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Engines;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>One vector of fixed size from the vectors of a sequence; zeros for an empty one. In plain C#.</summary>
/// <remarks>Mean, attention: the sum over tokens of share x, with share = 1 / length or softmax(x · query / sqrt(D)). Cls, last: the first or last vector. Max: the largest value of each dimension.</remarks>
internal sealed class PoolingLayer(PoolingKind pooling, int width, IReadOnlyList<WeightTensor> weights) : SequenceLayer
{
    public const string Component = "PoolSequence";

    public override string ComponentName => Component;

    public override DataViewType OutputType => new VectorDataViewType(NumberDataViewType.Single, width);

    /// <summary>The pooling's weights.</summary>
    public static IReadOnlyList<WeightShape> Layout(PoolingKind pooling, int width) => pooling == PoolingKind.Attention ? [new("query", [width])] : [];

    public override void CheckInput(DataViewSchema schema, string columnName) => TokenVectors.Check(schema, columnName, width);

    public override BatchMapper CreateMapper(string inputName, int batchSize) =>
        new TokenVectorMapper(inputName, width, batchSize, Pool, pools: true);

    public override void Write(StateWriter writer)
    {
        writer.Write(pooling.ToString());
        writer.Write(width);
        writer.Write(weights);
    }

    public static PoolingLayer Read(StateReader reader)
    {
        var pooling = reader.ReadEnum<PoolingKind>();
        var width = reader.ReadWidth();
        return new PoolingLayer(pooling, width, reader.ReadWeights(Layout(pooling, width)));
    }

    private float[] Pool(TokenVectorBatch batch)
    {
        var pooled = new float[batch.Rows * width];
        for (var row = 0; row < batch.Rows; row++)
            if (batch.Lengths[row] > 0) Pool(batch.Values.AsSpan(row * batch.Length * width, batch.Lengths[row] * width), pooled.AsSpan(row * width, width));
        return pooled;
    }

    /// <param name="vectors">[L,D], at least one.</param>
    /// <param name="pooled">[D], zeros.</param>
    private void Pool(ReadOnlySpan<float> vectors, Span<float> pooled)
    {
        switch (pooling)
        {
            case PoolingKind.Cls:
                vectors[..width].CopyTo(pooled);
                break;
            case PoolingKind.Last:
                vectors[^width..].CopyTo(pooled);
                break;
            case PoolingKind.Max:
                pooled.Fill(float.NegativeInfinity);
                for (var start = 0; start < vectors.Length; start += width) TensorPrimitives.Max(pooled, vectors.Slice(start, width), pooled);
                break;
            default:
                var shares = Shares(vectors);
                for (var token = 0; token < shares.Length; token++) TensorPrimitives.MultiplyAdd(vectors.Slice(token * width, width), shares[token], pooled, pooled);
                break;
        }
    }

    private float[] Shares(ReadOnlySpan<float> vectors)
    {
        var shares = new float[vectors.Length / width];
        Array.Fill(shares, 1f / shares.Length);
        if (pooling == PoolingKind.Mean) return shares;
        for (var token = 0; token < shares.Length; token++) shares[token] = TensorPrimitives.Dot(vectors.Slice(token * width, width), weights[0].Values) / MathF.Sqrt(width);
        Softmax.InPlace(shares);
        return shares;
    }
}
