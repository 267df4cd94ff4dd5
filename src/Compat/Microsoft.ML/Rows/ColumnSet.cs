using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>The active columns of a schema.</summary>
internal sealed class ColumnSet
{
    private readonly bool[] _active;

    public ColumnSet(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        _active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns ?? [])
        {
            Guard.Param(column.Index < _active.Length && schema[column.Index].Name == column.Name, nameof(columns), $"Column '{column.Name}' (#{column.Index}) is not in the schema.");
            _active[column.Index] = true;
        }
    }

    public bool Contains(int index) => _active[index];

    public bool Contains(DataViewSchema.Column column)
    {
        Guard.Param(column.Index < _active.Length, nameof(column), $"Column '{column.Name}' (#{column.Index}) is not in the schema.");
        return _active[column.Index];
    }

    public void CheckActive(DataViewSchema.Column column)
    {
        if (!Contains(column))
        {
            throw RowErrors.NotActive(column);
        }
    }
}
