using MlAttention.Pipeline.Schema;

namespace MlAttention.Pipeline.Classification;

/// <summary>What a classifier needs of its input columns.</summary>
internal sealed record ClassifierInputs(ColumnRequirement Tokens, ColumnRequirement Label, ColumnRequirement? ExampleWeight, ColumnRequirement? SamplingKey)
{
    /// <summary>The columns that have to be there.</summary>
    public IReadOnlyList<ColumnRequirement> All => [.. new[] { Tokens, Label, ExampleWeight, SamplingKey }.OfType<ColumnRequirement>()];

    public static ClassifierInputs Of(AttentionClassifierOptions options) => new(
        ColumnRequirement.Sequence("tokens", options.TokensColumnName),
        ColumnRequirement.Key("label", options.LabelColumnName),
        options.ExampleWeightColumnName is { } weight ? ColumnRequirement.Number("example weight", weight) : null,
        options.SamplingKeyColumnName is { } key ? ColumnRequirement.Group("sampling key", key) : null);
}
