using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Maps single rows with a row mapping.</summary>
internal sealed class RowToRowMapper(MappedSchema schema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => schema.InputColumns(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Guard.NotNull(input, nameof(input));
        schema.CheckInput(input);
        return new MappedRow(schema, input, new ColumnSet(OutputSchema, activeColumns));
    }
}
