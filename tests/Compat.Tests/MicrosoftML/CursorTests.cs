using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class CursorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void MoveNext_OverAllRows_PositionCountsFromMinusOneAndBack()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);

        Assert.Equal(-1, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.Equal(1, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void GetGetter_BeforeMoveNext_CanBeObtainedButNotCalled()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<int> getter = cursor.GetGetter<int>(data.Schema["Id"]);
        int id = -7;

        Assert.ThrowsAny<Exception>(() => getter(ref id));
        Assert.True(cursor.MoveNext());
        getter(ref id);
        Assert.Equal(0, id);
    }

    [Fact]
    public void GetGetter_InactiveColumn_ThrowsArgumentOutOfRange()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Id"]]);

        Assert.True(cursor.IsColumnActive(data.Schema["Id"]));
        Assert.False(cursor.IsColumnActive(data.Schema["Group"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Group"]));
    }

    [Fact]
    public void GetGetter_WrongType_ThrowsInvalidOperation()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);

        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Id"]));
    }

    [Fact]
    public void GetGetter_TransformedColumn_FollowsTheSameRules()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Group").Fit(data).Transform(data);
        using DataViewRowCursor cursor = mapped.GetRowCursor([mapped.Schema["Key"]]);

        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(mapped.Schema["Key"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<int>(mapped.Schema["Id"]));
        ValueGetter<uint> getter = cursor.GetGetter<uint>(mapped.Schema["Key"]);
        uint key = 0;
        Assert.True(cursor.MoveNext());
        getter(ref key);
        Assert.Equal(1u, key);
    }

    [Fact]
    public void GetGetter_InactiveTransformedColumn_Throws()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        IDataView mapped = _ml.Transforms.CopyColumns("Copy", "Id").Fit(data).Transform(data);
        using DataViewRowCursor cursor = mapped.GetRowCursor([mapped.Schema["Id"]]);

        Assert.False(cursor.IsColumnActive(mapped.Schema["Copy"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<int>(mapped.Schema["Copy"]));
    }

    [Fact]
    public void MoveNext_OverChosenRows_CountsThemFromZeroAndEndsAtMinusOne()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(40).ToArray());
        IDataView[] views =
        [
            _ml.Data.SkipRows(data, 37),
            _ml.Data.TakeRows(data, 3),
            _ml.Data.TrainTestSplit(data, testFraction: 0.5).TestSet,
            _ml.Data.ShuffleRows(data, seed: 2),
            _ml.Data.Cache(data),
        ];

        Assert.All(views, view =>
        {
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            Assert.Equal(-1, cursor.Position);
            for (long expected = 0; cursor.MoveNext(); expected++)
            {
                Assert.Equal(expected, cursor.Position);
            }

            Assert.Equal(-1, cursor.Position);
            Assert.False(cursor.MoveNext());
        });
    }

    [Fact]
    public void GetRowCursor_NoColumns_StillCountsRows()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(5));
        using DataViewRowCursor cursor = data.GetRowCursor([]);

        int rows = 0;
        while (cursor.MoveNext())
        {
            rows++;
        }

        Assert.Equal(5, rows);
    }

    [Fact]
    public void GetRowCursorSet_AnyNumber_VisitsEachRowOnce()
    {
        IDataView data = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Tables.Numbers(11)));
        IDataView mapped = _ml.Transforms.CopyColumns("Copy", "Id").Fit(data).Transform(data);
        var seen = new List<int>();

        foreach (DataViewRowCursor cursor in mapped.GetRowCursorSet([mapped.Schema["Copy"]], 3))
        {
            using (cursor)
            {
                ValueGetter<int> getter = cursor.GetGetter<int>(mapped.Schema["Copy"]);
                while (cursor.MoveNext())
                {
                    int id = 0;
                    getter(ref id);
                    seen.Add(id);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 11), seen.Order());
    }

    [Fact]
    public void GetIdGetter_RowsOfOneView_HaveDifferentIdsThatStay()
    {
        IDataView data = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Tables.Numbers(7)));

        Dictionary<int, DataViewRowId> first = IdsByRow(data, null);
        Dictionary<int, DataViewRowId> shuffled = IdsByRow(data, new Random(3));
        Dictionary<int, DataViewRowId> pooled = IdsByRow(_ml.Data.ShuffleRows(data, seed: 4, shufflePoolSize: 3), null);

        Assert.Equal(7, first.Values.Distinct().Count());
        Assert.Equal(first.OrderBy(pair => pair.Key), shuffled.OrderBy(pair => pair.Key));
        Assert.Equal(first.OrderBy(pair => pair.Key), pooled.OrderBy(pair => pair.Key));
    }

    private static Dictionary<int, DataViewRowId> IdsByRow(IDataView data, Random? random)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema, random);
        ValueGetter<int> numbers = cursor.GetGetter<int>(data.Schema["Id"]);
        ValueGetter<DataViewRowId> ids = cursor.GetIdGetter();
        var result = new Dictionary<int, DataViewRowId>();
        while (cursor.MoveNext())
        {
            int number = 0;
            DataViewRowId id = default;
            numbers(ref number);
            ids(ref id);
            result.Add(number, id);
        }

        return result;
    }
}
