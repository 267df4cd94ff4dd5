using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A data view with the columns that a mapping adds, computed when they are fetched.</summary>
internal sealed class MappedDataView(IDataView source, MappedSchema schema) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => schema.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Wrap(source.GetRowCursor(schema.InputColumns(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(schema.InputColumns(columns), n, rand).Select(cursor => Wrap(cursor, columns))];
    }

    private MappedCursor Wrap(DataViewRowCursor cursor, IEnumerable<DataViewSchema.Column> columns) =>
        new(schema, cursor, new ColumnSet(Schema, columns));
}
