using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Classification;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;

namespace MlAttention.Pipeline;

/// <summary>What all layers of <see cref="AttentionCatalog"/> have: one input column and one output column.</summary>
public abstract record SequenceLayerOptions
{
    private protected SequenceLayerOptions(string outputColumnName, string? inputColumnName)
    {
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
    }

    /// <summary>The column that the layer adds.</summary>
    public string OutputColumnName { get; init; }

    /// <summary>The column that the layer reads; null for the one named as the output.</summary>
    public string? InputColumnName { get; init; }

    internal string InputName => InputColumnName ?? OutputColumnName;

    /// <summary>What the layer needs of its input.</summary>
    internal abstract ColumnRequirement Input { get; }

    /// <summary>The layer's name in the log.</summary>
    internal abstract string LayerName { get; }

    /// <summary>A type of the kind that the output has; its size does not matter.</summary>
    internal abstract DataViewType ExampleOutputType { get; }

    /// <summary>Makes the layer for an input column.</summary>
    /// <param name="input">The column.</param>
    /// <param name="contextSeed">The context's seed, where the options have none.</param>
    /// <param name="log">Receives lines for people: what weights came from a file.</param>
    internal abstract SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log);

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(GetType().Name);
        errors.Require(!string.IsNullOrEmpty(OutputColumnName), nameof(OutputColumnName), OutputColumnName, "must be a column's name");
        errors.Require(InputColumnName is not "", nameof(InputColumnName), InputColumnName, "must be a column's name or null");
        Validate(errors);
        errors.ThrowIfAny();
    }

    private protected virtual void Validate(OptionErrors errors) { }
}

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

/// <summary>A layer that reads the sequences of a trained classifier.</summary>
internal abstract class ModelLayer(AttentionClassifierModel model) : SequenceLayer
{
    protected AttentionClassifierModel Model => model;

    public sealed override int MaxLength => model.Architecture.MaxLength;

    public sealed override void CheckInput(DataViewSchema schema, string columnName) => model.Vocabulary.Check(schema, columnName);

    public override void Write(StateWriter writer) => ModelState.Write(writer, model);
}
