using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Encoders;
using MlAttention.Encoders.Pooling;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>One vector of fixed size from the vectors of a sequence; zeros for an empty one.</summary>
internal sealed class PoolingLayer(PoolingKind pooling, int width, IReadOnlyList<WeightTensor> weights) : SequenceLayer
{
    public const string Component = "PoolSequence";

    private readonly TorchLayer<SequencePooling> _layer = new(() => PoolingFactory.Create(pooling, width), weights);

    public override string ComponentName => Component;

    public override DataViewType OutputType => new VectorDataViewType(NumberDataViewType.Single, width);

    /// <summary>The pooling's weights.</summary>
    public static IReadOnlyList<WeightShape> Layout(PoolingKind pooling, int width) => pooling == PoolingKind.Attention ? [new("query", [width])] : [];

    public override void CheckInput(DataViewSchema schema, string columnName) => TokenVectors.Check(schema, columnName, width);

    public override BatchMapper CreateMapper(string inputName, int batchSize) =>
        new TokenVectorMapper(inputName, width, batchSize, batch => _layer.Run(batch, (module, x, mask) => module.call(x, mask)), pools: true);

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
}
