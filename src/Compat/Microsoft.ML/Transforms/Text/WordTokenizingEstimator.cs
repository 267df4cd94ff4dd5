using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Splits text into words.</summary>
public sealed class WordTokenizingEstimator : TrivialEstimator<WordTokenizingTransformer>
{
    internal WordTokenizingEstimator(WordTokenizingTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.Pairs.Select(pair =>
        {
            TextColumns.Find(inputSchema, pair.InputColumnName);
            return new SchemaShape.Column(pair.OutputColumnName, SchemaShape.Column.VectorKind.VariableVector, TextDataViewType.Instance, isKey: false);
        }));
    }
}
