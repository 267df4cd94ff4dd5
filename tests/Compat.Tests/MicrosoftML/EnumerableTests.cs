using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class EnumerableTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LoadFromEnumerable_Members_BecomeColumns()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Pets);

        Assert.Equal(["Kind", "Name", "Weight"], data.Schema.Select(column => column.Name).Order());
        Assert.Equal(TextDataViewType.Instance, data.Schema["Kind"].Type);
        Assert.Equal(NumberDataViewType.Single, data.Schema["Weight"].Type);
        Assert.Equal(4, data.GetRowCount());
    }

    [Fact]
    public void LoadFromEnumerable_NullText_IsEmpty()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Pets);

        Assert.Equal(["Rex", "Tom", "", "Ada"], data.GetColumn<string>("Name"));
    }

    [Fact]
    public void LoadFromEnumerable_Arrays_AreVectorsOfKnownOrVariableSize()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Vectors { Known = [1, 2, 3], Variable = [4, 5] }]);

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["Known"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single), data.Schema["Variable"].Type);
        Assert.Equal([4f, 5f], data.GetColumn<float[]>("Variable").Single());
    }

    [Fact]
    public void LoadFromEnumerable_KeyType_ShiftsByOneAndMapsOutOfRangeToMissing()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Keyed { Key = 0 }, new Keyed { Key = 2 }, new Keyed { Key = 3 }]);

        Assert.Equal(new KeyDataViewType(typeof(uint), 3), data.Schema["Key"].Type);
        Assert.Equal([1u, 3u, 0u], data.GetColumn<uint>("Key"));
    }

    [Fact]
    public void LoadFromEnumerable_IsLazy_EachCursorReadsAnew()
    {
        int enumerations = 0;
        IEnumerable<Tables.Number> Rows()
        {
            enumerations++;
            yield return new Tables.Number { Id = enumerations };
        }

        IDataView data = _ml.Data.LoadFromEnumerable(Rows());

        Assert.Equal(0, enumerations);
        Assert.Null(data.GetRowCount());
        Assert.Equal([1], Tables.Ids(data));
        Assert.Equal([2], Tables.Ids(data));
    }

    [Fact]
    public void LoadFromEnumerable_WithSchema_TakesTypesAndAnnotationsFromIt()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Known", new VectorDataViewType(NumberDataViewType.Single, 3));
        builder.AddColumn("Variable", new VectorDataViewType(NumberDataViewType.Single, 2));

        IDataView data = _ml.Data.LoadFromEnumerable([new Vectors { Known = [1, 2, 3], Variable = [4, 5] }], builder.ToSchema());

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), data.Schema["Variable"].Type);
    }

    [Fact]
    public void SchemaDefinition_ChangedTypeNameAndAnnotation_AreUsed()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Vectors));
        definition["Variable"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Variable"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        definition["Variable"].ColumnName = "Features";

        IDataView data = _ml.Data.LoadFromEnumerable([new Vectors { Known = [1, 2, 3], Variable = [4, 5] }], definition);

        Assert.Equal(2, ((VectorDataViewType)data.Schema["Features"].Type).Size);
        Assert.True(data.Schema["Features"].IsNormalized());
    }

    [Fact]
    public void CreateEnumerable_Rows_RoundTrip()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Pets);

        Tables.Pet[] pets = [.. _ml.Data.CreateEnumerable<Tables.Pet>(data, reuseRowObject: false)];

        Assert.Equal([30, 4, 0.5f, 5], pets.Select(pet => pet.Weight));
        Assert.Equal(["dog", "cat", "bird", "cat"], pets.Select(pet => pet.Species));
        Assert.All(pets, pet => Assert.Null(pet.Secret));
    }

    [Fact]
    public void CreateEnumerable_ReusedRowObject_IsOneObject()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(3));

        Assert.Single(_ml.Data.CreateEnumerable<Tables.Number>(data, reuseRowObject: true).ToArray().Distinct());
        Assert.Equal(3, _ml.Data.CreateEnumerable<Tables.Number>(data, reuseRowObject: false).ToArray().Distinct().Count());
    }

    [Fact]
    public void CreateEnumerable_MissingColumn_ThrowsUnlessIgnored()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(1));

        Assert.ThrowsAny<Exception>(() => _ml.Data.CreateEnumerable<Tables.Pet>(data, reuseRowObject: false).ToArray());
        Assert.Single(_ml.Data.CreateEnumerable<Tables.Pet>(data, reuseRowObject: false, ignoreMissingColumns: true));
    }

    [Fact]
    public void CreateEnumerable_MemberOfAnotherType_ThrowsInvalidOperation()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(1));

        Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<OtherNumber>(data, reuseRowObject: false).ToArray());
    }

    [Fact]
    public void CreateEnumerable_VectorColumns_FillArraysAndTexts()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Tables.Words { Tokens = ["a", "b"] }, new Tables.Words { Tokens = ["c"] }]);

        string[][] tokens = [.. _ml.Data.CreateEnumerable<Tables.Words>(data, reuseRowObject: false).Select(row => row.Tokens)];

        Assert.Equal(["a", "b"], tokens[0]);
        Assert.Equal(["c"], tokens[1]);
    }

    [Fact]
    public void GetColumn_EachForm_GivesTheValues()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Tables.Words { Tokens = ["a", "b"] }]);

        Assert.Equal(["a", "b"], data.GetColumn<string[]>("Tokens").Single());
        Assert.Equal(["a", "b"], Tables.Texts(data.GetColumn<VBuffer<ReadOnlyMemory<char>>>(data.Schema["Tokens"]).Single()));
        Assert.ThrowsAny<Exception>(() => data.GetColumn<float>("Tokens").ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Other").ToArray());
    }

    [Fact]
    public void Preview_MoreRowsThanAsked_ShowsThatMany()
    {
        DataDebuggerPreview preview = _ml.Data.LoadFromEnumerable(Tables.Numbers(9)).Preview(maxRows: 4);

        Assert.Equal(4, preview.RowView.Length);
        Assert.Equal(2, preview.ColumnView.Length);
        Assert.Equal([0, 1, 2, 3], preview.ColumnView.Single(column => column.Column.Name == "Id").Values.Cast<int>());
        Assert.Contains(preview.RowView[2].Values, pair => pair.Key == "Id" && pair.Value is 2);
    }

    private sealed class Vectors
    {
        [VectorType(3)]
        public float[] Known { get; set; } = [];

        public float[] Variable { get; set; } = [];
    }

    private sealed class Keyed
    {
        [KeyType(3)]
        public uint Key { get; set; }
    }

    private sealed class OtherNumber
    {
        public float Id { get; set; }
    }
}
