namespace Microsoft.ML;

/// <summary>A row that moves forward over the rows of a data view.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    public abstract bool MoveNext();
}
