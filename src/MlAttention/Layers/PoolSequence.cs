using System.Numerics.Tensors;
using MlAttention.Core.Managed.Kernels;

namespace MlAttention;

/// <summary>How the vectors of a sequence become one vector.</summary>
public sealed record PoolSequenceOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Attended" to "Features".</summary>
    public PoolSequenceOptions() : base(PoolingLayer.Component, "Features", "Attended") { }

    /// <summary>The pooling. CLS and First take the first token's vector: let TokenizeSequence put a CLS token there.</summary>
    /// <value>Default <see cref="PoolingKind.Mean"/>.</value>
    public PoolingKind Pooling { get; init; } = PoolingKind.Mean;

    /// <summary>Attention pooling: a safetensors file with "pooling.query" [D].</summary>
    /// <value>Default null: a query of zeros, which gives the mean.</value>
    public string? WeightsPath { get; init; }

    internal override ColumnRequirement Input => ColumnRequirement.TokenVectors("input", InputName);

    internal override DataViewType ExampleOutputType => new VectorDataViewType(NumberDataViewType.Single, 1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log) =>
        PoolingLayer.Of(Pooling, TokenVectorColumn.WidthOf(input), LayerWeights.Of("pooling.", seed: 1, WeightsPath));

    private protected override void Validate(OptionErrors errors) => errors.Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "is not a pooling");
}

/// <summary>One vector of fixed size from the vectors of a sequence; zeros for an empty one. In plain C#.</summary>
/// <remarks>Mean, attention: the sum over tokens of share x, with share = 1 / length or softmax(x · query / sqrt(D)). Cls, first, last: the first or last vector. Max: the largest value of each dimension.</remarks>
internal sealed class PoolingLayer(PoolingKind pooling, int width, IReadOnlyList<WeightTensor> weights) : TokenVectorLayer(Component, width, weights)
{
    public const string Component = "PoolSequence";

    public override DataViewType OutputType => new VectorDataViewType(NumberDataViewType.Single, Width);

    public static PoolingLayer Of(PoolingKind pooling, int width, WeightSource weights) =>
        new(pooling, width, weights(pooling == PoolingKind.Attention ? [WeightLayout.Pooling("query", width)] : []));

    public static PoolingLayer Read(ComponentState state) => Of(state.TakeEnum<PoolingKind>("pooling"), state.TakeWidth("width"), state.TakeWeights);

    protected override void WriteOptions(ComponentState state) => state.Add("pooling", pooling.ToString());

    protected override bool Pools => true;

    protected override float[] Apply(TokenVectorBatch batch)
    {
        var pooled = new float[batch.Rows * Width];
        for (var row = 0; row < batch.Rows; row++)
            if (batch.Lengths[row] > 0) Pool(batch.Values.AsSpan(row * batch.Length * Width, batch.Lengths[row] * Width), pooled.AsSpan(row * Width, Width));
        return pooled;
    }

    /// <param name="vectors">[L,D], at least one.</param>
    /// <param name="pooled">[D], zeros.</param>
    private void Pool(ReadOnlySpan<float> vectors, Span<float> pooled)
    {
        switch (pooling)
        {
            case PoolingKind.Cls or PoolingKind.First:
                vectors[..Width].CopyTo(pooled);
                break;
            case PoolingKind.Last:
                vectors[^Width..].CopyTo(pooled);
                break;
            case PoolingKind.Max:
                pooled.Fill(float.NegativeInfinity);
                for (var start = 0; start < vectors.Length; start += Width) TensorPrimitives.Max(pooled, vectors.Slice(start, Width), pooled);
                break;
            default:
                var shares = Shares(vectors);
                for (var token = 0; token < shares.Length; token++) TensorPrimitives.MultiplyAdd(vectors.Slice(token * Width, Width), shares[token], pooled, pooled);
                break;
        }
    }

    private float[] Shares(ReadOnlySpan<float> vectors)
    {
        var shares = new float[vectors.Length / Width];
        Array.Fill(shares, 1f / shares.Length);
        if (pooling == PoolingKind.Mean) return shares;
        for (var token = 0; token < shares.Length; token++) shares[token] = RowKernels.Dot(vectors.Slice(token * Width, Width), Weights[0].Values) / MathF.Sqrt(Width);
        Softmax.InPlace(shares);
        return shares;
    }
}
