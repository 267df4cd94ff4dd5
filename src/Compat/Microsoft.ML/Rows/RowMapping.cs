namespace Microsoft.ML.Data;

/// <summary>What a row-to-row transform adds to rows of one schema.</summary>
internal abstract class RowMapping(DataViewSchema input)
{
    public DataViewSchema Input { get; } = input;

    public abstract IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; }

    /// <summary>The indexes of the input columns that an added column is computed from.</summary>
    public abstract IEnumerable<int> DependenciesOf(int added);

    /// <summary>A getter of an added column, which follows the input row.</summary>
    public abstract Delegate CreateGetter(DataViewRow input, int added);
}
