using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Positions;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>x_i + p_i, by the scheme's module.</summary>
internal sealed class PositionLayer(PositionAddingOptions options, int width, IReadOnlyList<WeightTensor> weights) : SequenceLayer
{
    public const string Component = "AddPositions";

    private readonly TorchLayer<PositionEncoding> _layer = new(() => Create(options, width), weights);

    public override string ComponentName => Component;

    public override DataViewType OutputType => TokenVectors.TypeOf(width);

    /// <summary>The scheme's weights.</summary>
    public static IReadOnlyList<WeightShape> Layout(PositionAddingOptions options, int width) =>
        options.Positions == PositionScheme.Learned ? [new("weight", [options.MaxLength, width])] : [];

    public override void CheckInput(DataViewSchema schema, string columnName) => TokenVectors.Check(schema, columnName, width);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new TokenVectorMapper(inputName, width, batchSize,
        batch => _layer.Run(batch, (module, x, _) => module.AddToEmbeddings(x)), pools: false);

    public override void Write(StateWriter writer)
    {
        writer.WriteOptions(options with { WeightsPath = null });
        writer.Write(width);
        writer.Write(weights);
    }

    public static PositionLayer Read(StateReader reader)
    {
        var options = reader.ReadOptions<PositionAddingOptions>();
        options.Validate();
        var width = reader.ReadWidth();
        return new PositionLayer(options, width, reader.ReadWeights(Layout(options, width)));
    }

    private static PositionEncoding Create(PositionAddingOptions options, int width) =>
        PositionFactory.Create(options.Positions, new PositionShape(width, Heads: 1, options.MaxLength), options.PositionDetails);
}
