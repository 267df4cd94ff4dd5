using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(string output, string[] inputs)
    {
        Guard.NotEmpty(output, "outputColumnName");
        Guard.NotNull(inputs, "inputColumnNames");
        Guard.Param(inputs.Length > 0, "inputColumnNames", "Input columns not specified");
        Guard.Param(!inputs.Any(string.IsNullOrEmpty), "inputColumnNames", "Contained some null or empty items");
        _output = output;
        _inputs = inputs;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        return new ColumnConcatenatingTransformer(_output, _inputs);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        SchemaShape.Column[] inputs = [.. _inputs.Select(name =>
            inputSchema.TryFindColumn(name, out SchemaShape.Column column) ? column : throw Guard.ColumnNotFound("input", name))];
        DataViewType itemType = inputs[0].ItemType;
        foreach (SchemaShape.Column input in inputs)
        {
            if (input.IsKey)
            {
                throw new InvalidOperationException($"Column '{input.Name}' is key. Concatenation of keys is unsupported.");
            }

            if (!input.ItemType.Equals(itemType))
            {
                throw new InvalidOperationException($"Concatenated columns should have the same type. Column '{input.Name}' has type of {input.ItemType}, but expected column type is {itemType}.");
            }
        }

        bool variable = inputs.Any(input => input.Kind == SchemaShape.Column.VectorKind.VariableVector);
        return inputSchema.With(new SchemaShape.Column(_output, variable ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector, itemType, isKey: false, Annotations(inputs)));
    }

    private static SchemaShape Annotations(SchemaShape.Column[] inputs)
    {
        var annotations = new List<SchemaShape.Column>();
        if (inputs.All(input => input.Annotations.TryFindColumn(AnnotationKinds.IsNormalized, out _)))
        {
            annotations.Add(new SchemaShape.Column(AnnotationKinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, isKey: false));
        }

        if (inputs.Any(input => input.Kind == SchemaShape.Column.VectorKind.Scalar || input.Annotations.TryFindColumn(AnnotationKinds.SlotNames, out _)))
        {
            annotations.Add(new SchemaShape.Column(AnnotationKinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, isKey: false));
        }

        return new SchemaShape(annotations);
    }
}
