using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline;

/// <summary>A fitted layer over sequences.</summary>
public sealed class SequenceLayerTransformer : SequenceTransformer
{
    private readonly string _inputName;
    private readonly string _outputName;
    private readonly SequenceLayer _layer;

    internal SequenceLayerTransformer(IHost? host, string inputName, string outputName, SequenceLayer layer)
        : base(host, layer.MaxLength)
    {
        _inputName = inputName;
        _outputName = outputName;
        _layer = layer;
    }

    internal override string ComponentName => _layer.ComponentName;

    internal override IReadOnlyList<string> InputColumnNames => [_inputName];

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        _layer.CheckInput(input, _inputName);
        return [new DataViewSchema.DetachedColumn(_outputName, _layer.OutputType)];
    }

    internal override BatchMapper CreateMapper(int batchSize) => _layer.CreateMapper(_inputName, batchSize);

    internal override void WriteState(StateWriter writer)
    {
        writer.Write(_inputName);
        writer.Write(_outputName);
        _layer.Write(writer);
    }

    /// <summary>Reads the columns' names, and the layer with its own reader.</summary>
    internal static SequenceLayerTransformer Read(StateReader reader, Func<StateReader, SequenceLayer> readLayer) =>
        new(null, reader.ReadString(), reader.ReadString(), readLayer(reader));
}
