using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A transformer each of whose added columns comes from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(InputOutputColumnPair[] columns)
    {
        Guard.Param(columns is { Length: > 0 }, nameof(columns), "At least one column is needed.");
        Columns = columns;
    }

    private protected InputOutputColumnPair[] Columns { get; }

    private protected sealed override RowMapping CreateMapping(DataViewSchema inputSchema)
    {
        var mappings = new ColumnMapping[Columns.Length];
        for (int i = 0; i < Columns.Length; i++)
        {
            string name = Columns[i].InputColumnName;
            DataViewSchema.Column input = inputSchema.GetColumnOrNull(name) ?? throw Guard.ColumnNotFound("input", name);
            mappings[i] = MapColumn(i, input);
        }

        return new OneToOneMapping(inputSchema, mappings);
    }

    /// <summary>What the pair at <paramref name="index"/> does to its input column.</summary>
    private protected abstract ColumnMapping MapColumn(int index, DataViewSchema.Column input);

    private sealed class OneToOneMapping(DataViewSchema inputSchema, ColumnMapping[] mappings) : RowMapping(inputSchema)
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; } = [.. mappings.Select(mapping => mapping.Output)];

        public override IEnumerable<int> DependenciesOf(int added) => [mappings[added].Input.Index];

        public override Delegate CreateGetter(DataViewRow input, int added) => mappings[added].CreateGetter(input);
    }
}
