using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Positions;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Layers;

/// <summary>x_i + p_i, with the numbers of <see cref="SinusoidalPositions"/> or <see cref="LearnedPositions"/>, in plain C#.</summary>
internal sealed class PositionLayer(AddPositionsOptions options, int width, IReadOnlyList<WeightTensor> weights) : SequenceLayer
{
    public const string Component = "AddPositions";

    // p_0, p_1, ... [positions, D], as many as the longest sequence so far had.
    private float[] _table = weights.Count == 0 ? [] : weights[0].Values;

    public override string ComponentName => Component;

    public override DataViewType OutputType => TokenVectors.TypeOf(width);

    /// <summary>The scheme's weights.</summary>
    public static IReadOnlyList<WeightShape> Layout(AddPositionsOptions options, int width) =>
        options.Positions == PositionScheme.Learned ? [new("weight", [options.MaxLength, width])] : [];

    public override void CheckInput(DataViewSchema schema, string columnName) => TokenVectors.Check(schema, columnName, width);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new TokenVectorMapper(inputName, width, batchSize,
        Add, pools: false);

    public override void Write(StateWriter writer)
    {
        writer.WriteOptions(options with { WeightsPath = null });
        writer.Write(width);
        writer.Write(weights);
    }

    public static PositionLayer Read(StateReader reader)
    {
        var options = reader.ReadOptions<AddPositionsOptions>();
        options.Validate();
        var width = reader.ReadWidth();
        return new PositionLayer(options, width, reader.ReadWeights(Layout(options, width)));
    }

    /// <exception cref="ArgumentException">A sequence is longer than learned positions go.</exception>
    private float[] Add(TokenVectorBatch batch)
    {
        if (options.Positions == PositionScheme.None) return batch.Values;
        var table = Table(batch.Length);
        for (var row = 0; row < batch.Rows; row++)
        {
            var vectors = batch.Values.AsSpan(row * batch.Length * width, batch.Lengths[row] * width);
            TensorPrimitives.Add(vectors, table.AsSpan(0, vectors.Length), vectors);
        }
        return batch.Values;
    }

    private float[] Table(int length)
    {
        var table = Volatile.Read(ref _table);
        if (table.Length >= length * width) return table;
        if (options.Positions == PositionScheme.Learned)
            throw new ArgumentException($"A sequence has {length} tokens; the learned positions were made for at most {options.MaxLength}. Raise MaxLength, shorten the sequences, or use sinusoidal positions, which know no maximum.");
        var details = options.PositionDetails;
        table = [.. SinusoidalTable.Of(length, width, details.SinusoidalBase, details.SinusoidalInterleaved).Cast<double>().Select(value => (float)value)];
        Volatile.Write(ref _table, table);
        return table;
    }
}
