using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Changes the case of text, and takes out diacritics, punctuation or digits.</summary>
public sealed class TextNormalizingEstimator : TrivialEstimator<TextNormalizingTransformer>
{
    internal TextNormalizingEstimator(TextNormalizingTransformer transformer)
        : base(transformer)
    {
    }

    /// <summary>What becomes of upper and lower case.</summary>
    public enum CaseMode
    {
        Lower = 0,
        Upper = 1,
        None = 2,
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        return inputSchema.With(Transformer.Pairs.Select(pair =>
        {
            SchemaShape.Column input = TextColumns.Find(inputSchema, pair.InputColumnName);
            SchemaShape.Column.VectorKind kind = input.Kind == SchemaShape.Column.VectorKind.Scalar ? input.Kind : SchemaShape.Column.VectorKind.VariableVector;
            return new SchemaShape.Column(pair.OutputColumnName, kind, TextDataViewType.Instance, isKey: false);
        }));
    }
}
