using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Maps values to keys; a value that was not learned maps to the missing key 0.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ValueToKey";

    private readonly KeyVocabulary[] _vocabularies;
    private readonly bool _textAnnotations;

    internal ValueToKeyMappingTransformer(InputOutputColumnPair[] columns, KeyVocabulary[] vocabularies, bool textAnnotations)
        : base(columns)
    {
        _vocabularies = vocabularies;
        _textAnnotations = textAnnotations;
    }

    internal ValueToKeyMappingTransformer(ModelReader reader)
        : base(reader.ReadColumns())
    {
        _textAnnotations = reader.ReadBoolean();
        _vocabularies = new KeyVocabulary[Columns.Length];
        for (int i = 0; i < _vocabularies.Length; i++)
        {
            if (reader.ReadType() is not PrimitiveDataViewType itemType)
            {
                throw reader.Invalid("a vocabulary holds vectors");
            }

            _vocabularies[i] = KeyVocabulary.Create(itemType);
            _vocabularies[i].Load(reader);
        }
    }

    private protected override ColumnMapping MapColumn(int index, DataViewSchema.Column input)
    {
        KeyVocabulary vocabulary = _vocabularies[index];
        PrimitiveDataViewType itemType = DataViewTypes.ItemType(input.Type);
        if (!vocabulary.ItemType.Equals(itemType))
        {
            throw new InvalidOperationException($"Could not apply a map over type '{vocabulary.ItemType}' to column '{input.Name}' since it has type '{itemType}'");
        }

        var key = new KeyDataViewType(typeof(uint), Math.Max(1, vocabulary.Count));
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == AnnotationKinds.SlotNames);
        vocabulary.AddKeyValues(annotations, input, _textAnnotations);
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(key, vector.Dimensions) : key;
        var output = new DataViewSchema.DetachedColumn(Columns[index].OutputColumnName, type, annotations.ToAnnotations());
        return new ColumnMapping(input, output, row => vocabulary.CreateMapper(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer =>
    {
        writer.Write(Columns);
        writer.Write(_textAnnotations);
        foreach (KeyVocabulary vocabulary in _vocabularies)
        {
            writer.Write(vocabulary.ItemType);
            vocabulary.Save(writer);
        }
    });
}
