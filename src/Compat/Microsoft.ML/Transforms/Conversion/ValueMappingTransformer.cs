using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Maps values through a table.</summary>
public class ValueMappingTransformer : OneToOneTransformerBase
{
    internal const string Signature = "ValueMapping";

    internal ValueMappingTransformer(InputOutputColumnPair[] columns, ValueMap map)
        : base(columns)
    {
        Map = map;
    }

    internal ValueMappingTransformer(ModelReader reader)
        : this(reader.ReadColumns(), ReadMap(reader))
    {
    }

    internal ValueMap Map { get; }

    private protected override ColumnMapping MapColumn(int index, DataViewSchema.Column input)
    {
        var output = new DataViewSchema.DetachedColumn(Columns[index].OutputColumnName, Map.OutputType(input), Map.Value.Annotations);
        return new ColumnMapping(input, output, row => Map.CreateGetter(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx) => ctx.Write(Signature, writer =>
    {
        writer.Write(Columns);
        writer.Write(Map.KeyType);
        var value = new DataViewSchema.Builder();
        value.AddColumns([Map.Value]);
        SchemaFormat.Save(value.ToSchema(), writer);
        Map.Save(writer);
    });

    private static ValueMap ReadMap(ModelReader reader)
    {
        if (reader.ReadType() is not PrimitiveDataViewType keyType)
        {
            throw reader.Invalid("the keys of a value map are vectors");
        }

        DataViewSchema value = SchemaFormat.Load(reader);
        if (value.Count != 1)
        {
            throw reader.Invalid($"a value map has {value.Count} value columns");
        }

        ValueMap map = ValueMap.Create(keyType, new DataViewSchema.DetachedColumn(value[0]));
        map.Load(reader);
        return map;
    }
}
