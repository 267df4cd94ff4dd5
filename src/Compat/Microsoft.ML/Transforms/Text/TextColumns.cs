using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Columns of text or of vectors of text, as the text transforms take them.</summary>
internal static class TextColumns
{
    private const string Expected = "String or vector of String";

    public static void Check(DataViewSchema.Column input)
    {
        if (DataViewTypes.ItemType(input.Type) is not TextDataViewType)
        {
            throw Guard.SchemaMismatch("input", input.Name, Expected, input.Type.ToString());
        }
    }

    public static SchemaShape.Column Find(SchemaShape schema, string name)
    {
        if (!schema.TryFindColumn(name, out SchemaShape.Column column))
        {
            throw Guard.ColumnNotFound("input", name);
        }

        return column.ItemType is TextDataViewType ? column : throw Guard.SchemaMismatch("input", name, Expected, column.TypeName);
    }

    /// <summary>Reads the text of a row, or the texts of its vector.</summary>
    public static Func<IEnumerable<ReadOnlyMemory<char>>> Reader(DataViewRow row, DataViewSchema.Column input)
    {
        if (input.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> vectorGetter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(input);
            VBuffer<ReadOnlyMemory<char>> texts = default;
            return () =>
            {
                vectorGetter(ref texts);
                return texts.DenseValues();
            };
        }

        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return [text];
        };
    }
}
