using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Pipeline;

/// <summary>One layer over sequences: embedding, positions, self-attention, pooling, or a part of a trained classifier.</summary>
/// <remarks>Made by the methods of <see cref="AttentionCatalog"/>, whose documentation tells the columns.</remarks>
public sealed class SequenceLayerEstimator : SequenceEstimator<SequenceLayerTransformer>
{
    private readonly SequenceLayerOptions _options;
    private readonly int _contextSeed;

    internal SequenceLayerEstimator(IHostEnvironment environment, SequenceLayerOptions options) : base(environment, options.LayerName)
    {
        options.Validate();
        _options = options;
        _contextSeed = Host.Rand.Next();
        Requirements = [options.Input];
    }

    private protected override IReadOnlyList<ColumnRequirement> Requirements { get; }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        [new DataViewSchema.DetachedColumn(_options.OutputColumnName, _options.ExampleOutputType)];

    private protected override SequenceLayerTransformer Fit(IDataView input, IChannel channel) =>
        new(Host, _options.InputName, _options.OutputColumnName,
            _options.CreateLayer(_options.Input.Check(input.Schema), _contextSeed, line => channel.Info(MessageSensitivity.None, line)));
}
