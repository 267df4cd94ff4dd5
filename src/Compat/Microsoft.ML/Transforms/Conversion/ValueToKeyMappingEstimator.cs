using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the distinct values of columns, to map each value to its key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly InputOutputColumnPair[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _keyOrdinality;
    private readonly bool _textAnnotations;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(InputOutputColumnPair[] columns, int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool textAnnotations, IDataView keyData)
    {
        Guard.Param(columns is { Length: > 0 }, nameof(columns), "At least one column is needed.");
        Guard.Param(maximumNumberOfKeys > 0, nameof(maximumNumberOfKeys), $"At least one key is needed; got {maximumNumberOfKeys}.");
        Guard.Param(keyData is null || keyData.Schema.Count == 1, nameof(keyData), $"The key data must have exactly one column; got {keyData?.Schema.Count}.");
        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _keyOrdinality = keyOrdinality;
        _textAnnotations = textAnnotations;
        _keyData = keyData;
    }

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        KeyVocabulary[] vocabularies = [.. _columns.Select(column => KeyVocabulary.Create(ItemType(input.Schema, column.InputColumnName)))];
        if (_keyData is null)
        {
            Learn(input, [.. _columns.Select(column => input.Schema[column.InputColumnName])], vocabularies);
        }
        else
        {
            foreach (KeyVocabulary vocabulary in vocabularies)
            {
                Learn(_keyData, [_keyData.Schema[0]], [vocabulary]);
            }
        }

        if (_keyOrdinality == KeyOrdinality.ByValue)
        {
            foreach (KeyVocabulary vocabulary in vocabularies)
            {
                vocabulary.Sort();
            }
        }

        return new ValueToKeyMappingTransformer(_columns, vocabularies, _textAnnotations);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(column =>
        {
            if (!inputSchema.TryFindColumn(column.InputColumnName, out SchemaShape.Column input))
            {
                throw Guard.ColumnNotFound("input", column.InputColumnName);
            }

            if (!input.IsKey || !input.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out SchemaShape.Column values) || values.Kind != SchemaShape.Column.VectorKind.Vector)
            {
                values = new SchemaShape.Column(AnnotationKinds.KeyValues, SchemaShape.Column.VectorKind.Vector, _textAnnotations ? TextDataViewType.Instance : input.ItemType, input.IsKey && !_textAnnotations);
            }

            SchemaShape annotations = input.Annotations.Only(AnnotationKinds.SlotNames).With(values);
            return new SchemaShape.Column(column.OutputColumnName, input.Kind, NumberDataViewType.UInt32, isKey: true, annotations);
        }));
    }

    private void Learn(IDataView data, DataViewSchema.Column[] columns, KeyVocabulary[] vocabularies)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        Action[] learners = [.. columns.Zip(vocabularies, (column, vocabulary) => vocabulary.CreateLearner(cursor, column, _maximumNumberOfKeys))];
        while (cursor.MoveNext())
        {
            foreach (Action learn in learners)
            {
                learn();
            }
        }
    }

    private static PrimitiveDataViewType ItemType(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw Guard.ColumnNotFound("input", name);
        return DataViewTypes.ItemType(column.Type);
    }
}
