using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Layers;

/// <summary>What a fitted layer computes: one output column from one input column. Thread-safe.</summary>
internal abstract class SequenceLayer
{
    /// <summary>What the layer is called in a model file; never changes.</summary>
    public abstract string ComponentName { get; }

    /// <summary>The type of the output column.</summary>
    public abstract DataViewType OutputType { get; }

    /// <summary>The length that longer sequences are cut to, in tokens.</summary>
    public virtual int MaxLength => int.MaxValue;

    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or is not the one that the layer was fitted for.</exception>
    public abstract void CheckInput(DataViewSchema schema, string columnName);

    public abstract BatchMapper CreateMapper(string inputName, int batchSize);

    public abstract void Write(StateWriter writer);
}
