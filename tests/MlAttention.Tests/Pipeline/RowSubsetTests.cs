using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Rows;

namespace MlAttention.Tests.Pipeline;

public class RowSubsetTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData()]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(2, 3, 7)]
    [InlineData(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]
    public void GetColumn_Rows_AreTheChosenOnes(params int[] rows)
    {
        var subset = new RowSubset(Numbers(11), rows);
        Assert.Equal(rows, subset.GetColumn<int>("Number"));
        Assert.Equal(rows, subset.GetColumn<int>("Number"));
        Assert.Equal(rows.Length, subset.GetRowCount());
        Assert.Equal(rows, _ml.Data.CreateEnumerable<Row>(subset, reuseRowObject: false).Select(row => row.Number));
    }

    [Fact]
    public void GetRowCursor_Position_CountsTheSubsetsRows()
    {
        var subset = new RowSubset(Numbers(11), [4, 9]);
        using var cursor = subset.GetRowCursor(subset.Schema);
        Assert.Equal(-1, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.True(cursor.MoveNext());
        Assert.Equal(1, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    private IDataView Numbers(int count) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(number => new Row { Number = number }));

    private sealed class Row
    {
        public int Number { get; set; }
    }
}
