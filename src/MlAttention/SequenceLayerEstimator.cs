namespace MlAttention;

/// <summary>One layer over sequences: embedding, positions, self-attention, pooling, or a part of a trained classifier.</summary>
/// <remarks>Made by the methods of <see cref="AttentionCatalog"/>, whose documentation tells the columns.</remarks>
public sealed class SequenceLayerEstimator : SequenceEstimator<SequenceLayerTransformer>
{
    private readonly SequenceLayerOptions _options;
    private readonly int _contextSeed;

    internal SequenceLayerEstimator(IHostEnvironment environment, SequenceLayerOptions options) : base(environment, options.LayerName, [options.Input])
    {
        options.Validate();
        _options = options;
        _contextSeed = Host.Rand.Next();
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        [new DataViewSchema.DetachedColumn(_options.OutputColumnName, _options.ExampleOutputType)];

    private protected override SequenceLayerTransformer Fit(IDataView input, IChannel channel) =>
        new(Host, _options.InputName, _options.OutputColumnName,
            _options.CreateLayer(_options.Input.Check(input.Schema), _contextSeed, line => channel.Info(MessageSensitivity.None, line)));
}

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

    internal override void WriteState(ComponentState state)
    {
        state.Add("input", _inputName);
        state.Add("output", _outputName);
        _layer.Write(state);
    }

    /// <summary>Reads the columns' names, and the layer with its own reader.</summary>
    internal static SequenceLayerTransformer Read(ComponentState state, Func<ComponentState, SequenceLayer> readLayer) =>
        new(null, state.TakeText("input"), state.TakeText("output"), readLayer(state));
}
