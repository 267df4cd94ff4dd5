using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Pipeline.Classification;
using MlAttention.Pipeline.Layers;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;

namespace MlAttention.Pipeline;

/// <summary>How positions are added to token vectors.</summary>
public sealed record AddPositionsOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Embeddings" to "Positioned".</summary>
    public AddPositionsOptions() : base("Positioned", "Embeddings") { }

    /// <summary>The scheme: none, sinusoidal or learned. The others act inside attention: see <see cref="SelfAttentionOptions.Positions"/>.</summary>
    /// <value>Default <see cref="PositionScheme.Sinusoidal"/>.</value>
    public PositionScheme Positions { get; init; } = PositionScheme.Sinusoidal;

    /// <summary>Details of the scheme.</summary>
    public PositionOptions PositionDetails { get; init; } = new();

    /// <summary>Learned: the longest sequence; a longer one is an error.</summary>
    /// <value>At least 1 token; default 128.</value>
    public int MaxLength { get; init; } = 128;

    /// <summary>Learned: the seed of the vectors, when there is no file.</summary>
    /// <value>Default null: drawn once from the MLContext when the estimator is made.</value>
    public int? Seed { get; init; }

    /// <summary>Learned: a safetensors file with "positions.weight" [MaxLength, D].</summary>
    /// <value>Default null: vectors from the seed.</value>
    public string? WeightsPath { get; init; }

    internal override string LayerName => "AddPositions";

    internal override ColumnRequirement Input => ColumnRequirement.TokenVectors("input", InputName);

    internal override DataViewType ExampleOutputType => TokenVectors.TypeOf(1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        var width = TokenVectors.WidthOf(input);
        var layout = PositionLayer.Layout(this, width);
        return new PositionLayer(this, width, LayerWeights.Of(layout, "positions.", width, Seed ?? contextSeed, WeightsPath));
    }

    private protected override void Validate(OptionErrors errors)
    {
        errors.Require(Positions is PositionScheme.None or PositionScheme.Sinusoidal or PositionScheme.Learned, nameof(Positions), Positions,
            "acts inside attention, not on the vectors; set SelfAttentionOptions.Positions");
        errors.Require(MaxLength >= 1, nameof(MaxLength), MaxLength, "must be at least 1 token");
        ModelLimits.RequireAtMost(errors, nameof(MaxLength), MaxLength, ModelLimits.MaxTokens);
        PositionDetails.Validate(errors);
    }
}
