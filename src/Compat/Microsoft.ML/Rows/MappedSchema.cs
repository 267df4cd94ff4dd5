using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>The columns of the input followed by those that a mapping adds.</summary>
internal sealed class MappedSchema
{
    public MappedSchema(RowMapping mapping)
    {
        Mapping = mapping;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(mapping.Input);
        builder.AddColumns(mapping.AddedColumns);
        Schema = builder.ToSchema();
    }

    public RowMapping Mapping { get; }

    public DataViewSchema Input => Mapping.Input;

    public DataViewSchema Schema { get; }

    /// <summary>The input columns that the given output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> InputColumns(IEnumerable<DataViewSchema.Column> outputColumns)
    {
        var active = new ColumnSet(Schema, outputColumns);
        var needed = new HashSet<int>();
        for (int i = 0; i < Schema.Count; i++)
        {
            if (active.Contains(i))
            {
                needed.UnionWith(i < Input.Count ? [i] : Mapping.DependenciesOf(i - Input.Count));
            }
        }

        return [.. Input.Where(column => needed.Contains(column.Index))];
    }

    public Delegate GetGetter(DataViewRow input, ColumnSet active, DataViewSchema.Column column)
    {
        active.CheckActive(column);
        return column.Index < Input.Count
            ? Generic.GetGetter(input, Input[column.Index])
            : Mapping.CreateGetter(input, column.Index - Input.Count);
    }

    public void CheckInput(DataViewRow row) =>
        Guard.Param(row.Schema == Input, "input", "The row's schema is not the one that the mapper was made for.");
}
