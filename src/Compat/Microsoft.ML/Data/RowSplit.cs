using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Gives each row a number from 0 to 1, by its id or by its value in a sampling key column, and splits rows by it.</summary>
internal sealed class RowSplit
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column[] _keys;
    private readonly DataViewRowId _seed;

    public RowSplit(IDataView data, string samplingKeyColumnName, int seed)
    {
        _data = data;
        _seed = new DataViewRowId((uint)seed, 1);
        _keys = samplingKeyColumnName is null
            ? []
            : [data.Schema.GetColumnOrNull(samplingKeyColumnName) ?? throw Guard.ColumnNotFound("SamplingKeyColumn", samplingKeyColumnName, "samplingKeyColumn")];
    }

    /// <summary>Rows whose number is in [from, to) to test on, the others to learn from.</summary>
    public DataOperationsCatalog.TrainTestData Split(double from, double to) => new(
        new FilteredDataView(_data, _keys, row => CreateTest(row, number => number < from || number >= to)),
        new FilteredDataView(_data, _keys, row => CreateTest(row, number => number >= from && number < to)));

    private Func<bool> CreateTest(DataViewRow row, Func<double, bool> accepts)
    {
        ValueGetter<DataViewRowId> identity = _keys.Length == 0
            ? row.GetIdGetter()
            : (ValueGetter<DataViewRowId>)Generic.Call(typeof(RowSplit), nameof(HashGetter), _keys[0].Type.RawType, row, _keys[0]);
        DataViewRowId id = default;
        return () =>
        {
            identity(ref id);
            return accepts((_seed.Combine(id).Low >> 11) * Math.ScaleB(1, -53));
        };
    }

    private static ValueGetter<DataViewRowId> HashGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default;
        return (ref DataViewRowId id) =>
        {
            getter(ref value);
            id = StableHash.Of(value);
        };
    }
}
