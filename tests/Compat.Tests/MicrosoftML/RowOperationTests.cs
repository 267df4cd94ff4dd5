using Microsoft.ML;

namespace Compat.Tests.MicrosoftML;

public class RowOperationTests
{
    private readonly MLContext _ml = new(5);

    private IDataView Numbers(int count) => _ml.Data.LoadFromEnumerable(Tables.Numbers(count).ToArray());

    [Fact]
    public void TakeRowsAndSkipRows_Counts_ChooseTheRows()
    {
        Assert.Equal([0, 1, 2], Tables.Ids(_ml.Data.TakeRows(Numbers(7), 3)));
        Assert.Equal([5, 6], Tables.Ids(_ml.Data.SkipRows(Numbers(7), 5)));
        Assert.Equal([0, 1], Tables.Ids(_ml.Data.TakeRows(Numbers(2), 3)));
        Assert.Empty(Tables.Ids(_ml.Data.SkipRows(Numbers(2), 3)));
    }

    [Fact]
    public void TakeRows_IsLazy_ReadsNoFurther()
    {
        int read = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(1000).Select(row =>
        {
            read++;
            return row;
        }));

        Tables.Ids(_ml.Data.TakeRows(data, 3));

        Assert.InRange(read, 3, 4);
    }

    [Fact]
    public void ShuffleRows_Seed_GivesTheSameOrderOfTheSameRows()
    {
        int[] first = Tables.Ids(_ml.Data.ShuffleRows(Numbers(100), seed: 7, shufflePoolSize: 10));
        int[] again = Tables.Ids(_ml.Data.ShuffleRows(Numbers(100), seed: 7, shufflePoolSize: 10));
        int[] other = Tables.Ids(_ml.Data.ShuffleRows(Numbers(100), seed: 8, shufflePoolSize: 10));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.NotEqual(Enumerable.Range(0, 100), first);
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
    }

    [Fact]
    public void ShuffleRows_TwoColumns_KeepsTheValuesOfARowTogether()
    {
        IDataView shuffled = _ml.Data.ShuffleRows(Numbers(50), seed: 3);

        Assert.All(
            _ml.Data.CreateEnumerable<Tables.Number>(shuffled, reuseRowObject: false),
            row => Assert.Equal($"g{row.Id / 3}", row.Group));
    }

    [Fact]
    public void Cache_ReadTwice_ComputesOnce()
    {
        int read = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(10).Select(row =>
        {
            Interlocked.Increment(ref read);
            return row;
        }));
        IDataView cached = _ml.Data.Cache(data);

        int[] first = Tables.Ids(cached);
        int[] second = Tables.Ids(cached);

        Assert.Equal(Enumerable.Range(0, 10), first);
        Assert.Equal(first, second);
        Assert.Equal(10, read);
        Assert.Equal(10, cached.GetRowCount());
    }

    [Fact]
    public void Cache_WithARandom_Shuffles()
    {
        IDataView cached = _ml.Data.Cache(Numbers(100));

        Assert.True(cached.CanShuffle);
        using DataViewRowCursor cursor = cached.GetRowCursor(cached.Schema, new Random(1));
        ValueGetter<int> getter = cursor.GetGetter<int>(cached.Schema["Id"]);
        var ids = new List<int>();
        while (cursor.MoveNext())
        {
            int id = 0;
            getter(ref id);
            ids.Add(id);
        }

        Assert.NotEqual(Enumerable.Range(0, 100), ids);
        Assert.Equal(Enumerable.Range(0, 100), ids.Order());
    }

    [Fact]
    public void TrainTestSplit_Rows_AreInOneSetEachTime()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(Numbers(1000), testFraction: 0.2, seed: 3);

        int[] train = Tables.Ids(split.TrainSet);
        int[] test = Tables.Ids(split.TestSet);

        Assert.Equal(Enumerable.Range(0, 1000), train.Concat(test).Order());
        Assert.InRange(test.Length, 140, 260);
        Assert.Equal(test, Tables.Ids(split.TestSet));
        Assert.Equal(test, Tables.Ids(_ml.Data.TrainTestSplit(Numbers(1000), testFraction: 0.2, seed: 3).TestSet));
        Assert.NotEqual(test, Tables.Ids(_ml.Data.TrainTestSplit(Numbers(1000), testFraction: 0.2, seed: 4).TestSet));
    }

    [Fact]
    public void TrainTestSplit_SamplingKey_KeepsItsRowsTogether()
    {
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(Numbers(300), testFraction: 0.3, samplingKeyColumnName: "Group");

        HashSet<int> train = [.. Tables.Ids(split.TrainSet).Select(id => id / 3)];
        HashSet<int> test = [.. Tables.Ids(split.TestSet).Select(id => id / 3)];

        Assert.NotEmpty(test);
        Assert.Equal(100, train.Count + test.Count);
        Assert.Empty(train.Intersect(test));
    }

    [Fact]
    public void TrainTestSplit_SplitSets_HaveTheColumnsOfTheData()
    {
        IDataView data = Numbers(10);
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(data);

        Assert.Equal(data.Schema.Select(column => column.Name), split.TrainSet.Schema.Select(column => column.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(data, testFraction: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(data, samplingKeyColumnName: "Other"));
    }

    [Fact]
    public void TrainTestSplit_CursorOfOneColumn_HasNoOtherActive()
    {
        IDataView train = _ml.Data.TrainTestSplit(Numbers(50), samplingKeyColumnName: "Group").TrainSet;
        using DataViewRowCursor cursor = train.GetRowCursor([train.Schema["Id"]]);

        Assert.True(cursor.MoveNext());
        Assert.True(cursor.IsColumnActive(train.Schema["Id"]));
        Assert.False(cursor.IsColumnActive(train.Schema["Group"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<ReadOnlyMemory<char>>(train.Schema["Group"]));
    }

    [Fact]
    public void CrossValidationSplit_Folds_TestEachRowOnce()
    {
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds = _ml.Data.CrossValidationSplit(Numbers(200), numberOfFolds: 4, seed: 1);

        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, 200), folds.SelectMany(fold => Tables.Ids(fold.TestSet)).Order());
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, 200), Tables.Ids(fold.TestSet).Concat(Tables.Ids(fold.TrainSet)).Order()));
        Assert.All(folds, fold => Assert.InRange(Tables.Ids(fold.TestSet).Length, 25, 75));
    }
}
