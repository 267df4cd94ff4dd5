using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Pipeline.Rows;

/// <summary>A cursor of which no added column is wanted: nothing is computed and nothing read ahead.</summary>
internal sealed class PassThroughCursor(SchemaBinding binding, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    public override DataViewSchema Schema => binding.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        SchemaBinding.RequireActive(active, column);
        return input.GetGetter<TValue>(binding.Input[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}
