using System.Collections;
using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before data is seen: names, kinds and item types, but no sizes.</summary>
public sealed partial class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape s_empty = new([]);

    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        Guard.NotNull(columns, nameof(columns));
        _columns = [.. columns];
        Guard.Param(_columns.All(column => column.IsValid), nameof(columns), "Some columns have no name.");
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _columns.GetEnumerator();

    /// <summary>The shape of a schema's visible columns, with the shapes of their annotations.</summary>
    internal static SchemaShape Create(DataViewSchema schema) => new(
        from column in schema
        where !column.IsHidden
        select ShapeOf(column, new SchemaShape(column.Annotations.Schema.Select(annotation => ShapeOf(annotation, s_empty)))));

    internal bool TryFindColumn(string name, out Column column)
    {
        column = Array.Find(_columns, candidate => candidate.Name == name);
        return column.IsValid;
    }

    /// <summary>This shape with columns added, each in the place of the column of its name if there is one.</summary>
    internal SchemaShape With(params IEnumerable<Column> columns)
    {
        var result = new List<Column>(_columns);
        foreach (Column column in columns)
        {
            int index = result.FindIndex(existing => existing.Name == column.Name);
            if (index >= 0)
            {
                result[index] = column;
            }
            else
            {
                result.Add(column);
            }
        }

        return new SchemaShape(result);
    }

    private static Column ShapeOf(DataViewSchema.Column column, SchemaShape annotations)
    {
        var vector = column.Type as VectorDataViewType;
        DataViewType item = vector?.ItemType ?? column.Type;
        Column.VectorKind kind = vector is null ? Column.VectorKind.Scalar
            : vector.IsKnownSize ? Column.VectorKind.Vector
            : Column.VectorKind.VariableVector;
        return item is KeyDataViewType key
            ? new Column(column.Name, kind, DataViewTypes.FromRawType(key.RawType), isKey: true, annotations)
            : new Column(column.Name, kind, item, isKey: false, annotations);
    }
}
