using MlAttention.Architecture;
using MlAttention.Text;
using MlAttention.Weights;

namespace MlAttention.Serving;

/// <summary>Everything that turns a text into a label: what a text classifier's file holds.</summary>
internal sealed record TextClassifierParts
{
    public required TokenizeSequenceOptions Tokenizer { get; init; }

    /// <summary>The tokens in the order of their keys.</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }

    public required SequenceModelOptions Architecture { get; init; }

    /// <summary>The labels in the order of the classes.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<WeightTensor> Weights { get; init; }
}
