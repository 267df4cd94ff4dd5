using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.Tests.MicrosoftML;

public class KeyMappingTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Pets => _ml.Data.LoadFromEnumerable(Tables.Pets);

    [Fact]
    public void MapValueToKey_ByOccurrence_NumbersValuesAsTheyCome()
    {
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(Pets).Transform(Pets);

        Assert.Equal(new KeyDataViewType(typeof(uint), 3), mapped.Schema["Key"].Type);
        Assert.Equal([1u, 2u, 3u, 2u], mapped.GetColumn<uint>("Key"));
        Assert.Equal(["dog", "cat", "bird"], Tables.KeyValues(mapped.Schema["Key"]));
    }

    [Fact]
    public void MapValueToKey_ByValue_SortsOrdinally()
    {
        Tables.Number[] rows = [.. new[] { "b", "a", "B", "ä", "a" }.Select(text => new Tables.Number { Group = text })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);

        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Group", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);

        Assert.Equal(["B", "a", "b", "ä"], Tables.KeyValues(mapped.Schema["Key"]));
        Assert.Equal([3u, 2u, 1u, 4u, 2u], mapped.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_EmptyOrUnseenValue_IsTheMissingKey()
    {
        var transformer = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(Pets);
        IDataView other = _ml.Data.LoadFromEnumerable([new Tables.Pet { Name = "Tom" }, new Tables.Pet { Name = "Ina" }, new Tables.Pet { Name = null }]);

        Assert.Equal([1u, 2u, 0u, 3u], transformer.Transform(Pets).GetColumn<uint>("Key"));
        Assert.Equal([2u, 0u, 0u], transformer.Transform(other).GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_MaximumNumberOfKeys_KeepsTheFirst()
    {
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind", maximumNumberOfKeys: 2).Fit(Pets).Transform(Pets);

        Assert.Equal(["dog", "cat"], Tables.KeyValues(mapped.Schema["Key"]));
        Assert.Equal([1u, 2u, 0u, 2u], mapped.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_VectorOfTexts_GivesAVectorOfKeysOfOneVocabulary()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Tables.Words { Tokens = ["a", "b", "a"] }, new Tables.Words { Tokens = ["c", "b"] }]);

        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Tokens").Fit(data).Transform(data);

        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)), mapped.Schema["Tokens"].Type);
        uint[][] keys = [.. mapped.GetColumn<uint[]>("Tokens")];
        Assert.Equal([1u, 2u, 1u], keys[0]);
        Assert.Equal([3u, 2u], keys[1]);
        Assert.True(mapped.Schema["Tokens"].HasKeyValues());
    }

    [Fact]
    public void MapValueToKey_Numbers_HaveNumbersAsKeyValues()
    {
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Weight", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(Pets).Transform(Pets);
        VBuffer<float> values = default;
        mapped.Schema["Key"].GetKeyValues(ref values);

        Assert.Equal([0.5f, 4, 5, 30], values.DenseValues());
        Assert.True(mapped.Schema["Key"].HasKeyValues(NumberDataViewType.Single));
        Assert.Equal([4u, 2u, 1u, 3u], mapped.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_AnnotationsAsText_TurnsNumbersIntoText()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(2));
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Id", addKeyValueAnnotationsAsText: true).Fit(data).Transform(data);

        Assert.Equal(["0", "1"], Tables.KeyValues(mapped.Schema["Key"]));
    }

    [Fact]
    public void MapValueToKey_KeyData_GivesTheKeys()
    {
        IDataView keys = _ml.Data.LoadFromEnumerable([new OneText { Text = "cat" }, new OneText { Text = "dog" }]);

        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind", keyData: keys).Fit(Pets).Transform(Pets);

        Assert.Equal(["cat", "dog"], Tables.KeyValues(mapped.Schema["Key"]));
        Assert.Equal([2u, 1u, 0u, 1u], mapped.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_SameName_HidesTheInput()
    {
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Kind").Fit(Pets).Transform(Pets);

        Assert.Equal(Pets.Schema.Count + 1, mapped.Schema.Count);
        Assert.Single(mapped.Schema, column => column.IsHidden && column.Name == "Kind");
        Assert.IsType<KeyDataViewType>(mapped.Schema["Kind"].Type);
    }

    [Fact]
    public void MapKeyToValue_OfAMappedColumn_GivesTheValuesBack()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"));

        IDataView mapped = pipeline.Fit(Pets).Transform(Pets);

        Assert.Equal(TextDataViewType.Instance, mapped.Schema["Back"].Type);
        Assert.Equal(["Rex", "Tom", "", "Ada"], mapped.GetColumn<string>("Back"));
    }

    [Fact]
    public void MapKeyToValue_Vector_MapsEachKey()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Tables.Words { Tokens = ["a", "b", "a"] }]);
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Keys", "Tokens").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys"));

        Assert.Equal(["a", "b", "a"], pipeline.Fit(data).Transform(data).GetColumn<string[]>("Back").Single());
    }

    [Fact]
    public void MapKeyToValue_ColumnThatIsNoKeyWithValues_FailsBeforeFitting()
    {
        var estimator = _ml.Transforms.Conversion.MapKeyToValue("Back", "Name");

        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Tables.ShapeOf(Pets.Schema)));
        Assert.ThrowsAny<Exception>(() => estimator.Fit(Pets));
    }

    [Fact]
    public void MapValue_Table_MapsValuesAndMissingOnes()
    {
        IDataView table = _ml.Data.LoadFromEnumerable([new Legs { Kind = "dog", Count = 4 }, new Legs { Kind = "bird", Count = 2 }]);
        var estimator = _ml.Transforms.Conversion.MapValue("Legs", table, table.Schema["Kind"], table.Schema["Count"], "Kind");

        Assert.Equal([4, 0, 2, 0], estimator.Fit(Pets).Transform(Pets).GetColumn<int>("Legs"));
    }

    [Fact]
    public void MapValue_VectorValues_GiveVectors()
    {
        IDataView table = _ml.Data.LoadFromEnumerable([new Bytes { Kind = "dog", Value = [1, 2, 3] }, new Bytes { Kind = "bird", Value = [255] }]);
        var estimator = _ml.Transforms.Conversion.MapValue("Bytes", table, table.Schema["Kind"], table.Schema["Value"], "Kind");

        IDataView mapped = estimator.Fit(Pets).Transform(Pets);

        byte[][] values = [.. mapped.GetColumn<byte[]>("Bytes")];
        Assert.Equal([1, 2, 3], values[0]);
        Assert.Equal([255], values[2]);
        Assert.Equal(SchemaShape.Column.VectorKind.VariableVector, Tables.Find(estimator.GetOutputSchema(Tables.ShapeOf(Pets.Schema)), "Bytes").Kind);
    }

    private sealed class OneText
    {
        public string Text { get; set; } = "";
    }

    private sealed class Legs
    {
        public string Kind { get; set; } = "";

        public int Count { get; set; }
    }

    private sealed class Bytes
    {
        public string Kind { get; set; } = "";

        public byte[] Value { get; set; } = [];
    }
}
