using System.Text.Json.Serialization;

namespace MlAttention;

/// <summary>What all layers of the catalog have: one input column and one output column.</summary>
public abstract record SequenceLayerOptions
{
    private protected SequenceLayerOptions(string layerName, string outputColumnName, string? inputColumnName)
    {
        LayerName = layerName;
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
    }

    /// <summary>The column that the layer adds.</summary>
    public string OutputColumnName { get; init; }

    /// <summary>The column that the layer reads; null for the one named as the output.</summary>
    public string? InputColumnName { get; init; }

    internal string InputName => InputColumnName ?? OutputColumnName;

    /// <summary>The layer's name, in the log and in model files.</summary>
    internal string LayerName { get; }

    /// <summary>What the layer needs of its input.</summary>
    internal abstract ColumnRequirement Input { get; }

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
/// <param name="componentName">What the layer is called in a model file; never changes.</param>
internal abstract class SequenceLayer(string componentName)
{
    public string ComponentName => componentName;

    /// <summary>The type of the output column.</summary>
    public abstract DataViewType OutputType { get; }

    /// <summary>The length that longer sequences are cut to, in tokens.</summary>
    public virtual int MaxLength => int.MaxValue;

    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or is not the one that the layer was fitted for.</exception>
    public abstract void CheckInput(DataViewSchema schema, string columnName);

    public abstract BatchMapper CreateMapper(string inputName, int batchSize);

    public abstract void Write(ComponentState state);
}

/// <summary>A layer that reads the sequences of a trained classifier.</summary>
internal abstract class ModelLayer(string componentName, AttentionClassifierModel model) : SequenceLayer(componentName)
{
    protected AttentionClassifierModel Model => model;

    public sealed override int MaxLength => model.Architecture.MaxLength;

    public sealed override void CheckInput(DataViewSchema schema, string columnName) => model.Vocabulary.Check(schema, columnName);

    public override void Write(ComponentState state) => ModelState.Write(state, model);
}

/// <summary>Gives the weights of a layer's layout, which names them without the prefix that they have in a classifier.</summary>
internal delegate IReadOnlyList<WeightTensor> WeightSource(IReadOnlyList<WeightShape> layout);

/// <summary>The weights of an untrained layer: those that a classifier of the same seed starts with, or those of a file.</summary>
internal static class LayerWeights
{
    /// <param name="prefix">What precedes the names in a classifier, such as "encoder.layers.0.self_attn.".</param>
    /// <param name="seed">The seed, when there is no file.</param>
    /// <param name="path">A safetensors file, or null. The source fails with an <see cref="InvalidDataException"/> if it is damaged, lacks a weight, or has it in another shape.</param>
    public static WeightSource Of(string prefix, int seed, string? path) => layout =>
    {
        WeightShape[] named = [.. layout.Select(weight => weight with { Name = prefix + weight.Name })];
        var weights = path is null ? WeightInitializer.Create(named, seed) : Read(path, named);
        return [.. weights.Select(weight => weight with { Name = weight.Name[prefix.Length..] })];
    };

    private static IReadOnlyList<WeightTensor> Read(string path, WeightShape[] layout)
    {
        var weights = SafetensorsFile.Read(path, layout.Select(weight => weight.Name));
        foreach (var (weight, expected) in weights.Zip(layout))
            InitialWeights.RequireShape(weight, expected.Shape, path);
        return weights;
    }
}

/// <summary>Options of layers as JSON, written and read without reflection.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AddPositionsOptions))]
[JsonSerializable(typeof(SelfAttentionOptions))]
[JsonSerializable(typeof(ExplanationOptions))]
internal sealed partial class LayerJson : JsonSerializerContext;
