using System.Numerics.Tensors;
using MlAttention.Core.Architecture;

namespace MlAttention;

/// <summary>How positions are added to token vectors.</summary>
public sealed record AddPositionsOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Embeddings" to "Positioned".</summary>
    public AddPositionsOptions() : base(PositionLayer.Component, "Positioned", "Embeddings") { }

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

    internal override ColumnRequirement Input => ColumnRequirement.TokenVectors("input", InputName);

    internal override DataViewType ExampleOutputType => TokenVectorColumn.TypeOf(1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log) =>
        PositionLayer.Of(this, TokenVectorColumn.WidthOf(input), LayerWeights.Of("positions.", Seed ?? contextSeed, WeightsPath));

    private protected override void Validate(OptionErrors errors)
    {
        errors.Require(Positions.ActsOn is PositionTarget.Nothing or PositionTarget.Embeddings, nameof(Positions), Positions,
            "acts inside attention, not on the vectors; set SelfAttentionOptions.Positions");
        errors.Require(MaxLength >= 1, nameof(MaxLength), MaxLength, "must be at least 1 token");
        ModelLimits.RequireAtMost(errors, nameof(MaxLength), MaxLength, ModelLimits.MaxTokens);
        PositionDetails.Validate(errors);
    }
}

/// <summary>x_i + p_i, with the numbers of <see cref="SinusoidalPositions"/> or <see cref="LearnedPositions"/>, in plain C#.</summary>
internal sealed class PositionLayer(AddPositionsOptions options, int width, IReadOnlyList<WeightTensor> weights) : TokenVectorLayer(Component, width, weights)
{
    public const string Component = "AddPositions";

    // p_0, p_1, ... [positions, D], as many as the longest sequence so far had.
    private float[] _table = weights.Count == 0 ? [] : weights[0].Values;

    public static PositionLayer Of(AddPositionsOptions options, int width, WeightSource weights) =>
        new(options, width, weights(options.Positions == PositionScheme.Learned ? [WeightLayout.Positions("weight", options.MaxLength, width)] : []));

    public static PositionLayer Read(ComponentState state) =>
        Of(state.TakeOptions("options", LayerJson.Default.AddPositionsOptions, options => options.Validate()), state.TakeWidth("width"), state.TakeWeights);

    protected override void WriteOptions(ComponentState state) => state.Add("options", options with { WeightsPath = null }, LayerJson.Default.AddPositionsOptions);

    /// <exception cref="ArgumentException">A sequence is longer than learned positions go.</exception>
    protected override float[] Apply(TokenVectorBatch batch)
    {
        if (options.Positions == PositionScheme.None) return batch.Values;
        var table = Table(batch.Length);
        for (var row = 0; row < batch.Rows; row++)
        {
            var vectors = batch.Values.AsSpan(row * batch.Length * Width, batch.Lengths[row] * Width);
            TensorPrimitives.Add(vectors, table.AsSpan(0, vectors.Length), vectors);
        }
        return batch.Values;
    }

    private float[] Table(int length)
    {
        var table = Volatile.Read(ref _table);
        if (table.Length >= length * Width) return table;
        if (options.Positions == PositionScheme.Learned)
            throw new ArgumentException($"A sequence has {length} tokens; the learned positions were made for at most {options.MaxLength}. Raise MaxLength, shorten the sequences, or use sinusoidal positions, which know no maximum.");
        var details = options.PositionDetails;
        table = [.. SinusoidalTable.Of(length, Width, details.SinusoidalBase, details.SinusoidalInterleaved).Cast<double>().Select(value => (float)value)];
        Volatile.Write(ref _table, table);
        return table;
    }
}
