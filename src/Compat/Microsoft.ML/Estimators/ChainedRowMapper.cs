using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Maps a row through several mappers, asking each only for the columns that the later ones need.</summary>
internal sealed class ChainedRowMapper(DataViewSchema inputSchema, IReadOnlyList<IRowToRowMapper> mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public DataViewSchema OutputSchema { get; } = mappers.Count > 0 ? mappers[^1].OutputSchema : inputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Guard.NotNull(input, nameof(input));
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Count];
        IEnumerable<DataViewSchema.Column> columns = activeColumns;
        for (int i = mappers.Count - 1; i >= 0; i--)
        {
            needed[i] = [.. columns];
            columns = mappers[i].GetDependencies(needed[i]);
        }

        DataViewRow row = input;
        for (int i = 0; i < mappers.Count; i++)
        {
            row = mappers[i].GetRow(row, needed[i]);
        }

        return row;
    }
}
