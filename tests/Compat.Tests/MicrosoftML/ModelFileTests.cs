using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.Tests.MicrosoftML;

public class ModelFileTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Pets => _ml.Data.LoadFromEnumerable(Tables.Pets);

    [Fact]
    public void Load_SavedChain_GivesTheSameOutputAndInputSchema()
    {
        var pipeline = _ml.Transforms.Text.NormalizeText("Low", "Kind")
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Words", "Low", ['o', 'a']))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys"))
            .Append(_ml.Transforms.CopyColumns("W", "Weight"))
            .Append(_ml.Transforms.Concatenate("Features", "Weight", "W"));
        ITransformer model = pipeline.Fit(Pets);

        ITransformer loaded = Reload(model, out DataViewSchema schema);

        Assert.Equal(Pets.Schema.Select(column => column.ToString()), schema.Select(column => column.ToString()));
        IDataView expected = model.Transform(Pets);
        IDataView actual = loaded.Transform(Pets);
        Assert.Equal(expected.Schema.Select(column => column.ToString()), actual.Schema.Select(column => column.ToString()));
        Assert.Equal(expected.GetColumn<uint[]>("Keys"), actual.GetColumn<uint[]>("Keys"));
        Assert.Equal(expected.GetColumn<string[]>("Back"), actual.GetColumn<string[]>("Back"));
        Assert.Equal(expected.GetColumn<float[]>("Features"), actual.GetColumn<float[]>("Features"));
    }

    [Fact]
    public void Load_NestedChainWithScopes_KeepsThem()
    {
        ITransformer inner = _ml.Transforms.CopyColumns("A", "Name").Append(_ml.Transforms.CopyColumns("B", "A"), TransformerScope.Testing).Fit(Pets);
        var outer = new TransformerChain<ITransformer>(inner, _ml.Transforms.CopyColumns("C", "A").Fit(inner.Transform(Pets)));

        var loaded = Assert.IsType<TransformerChain<ITransformer>>(Reload(outer, out _));

        Assert.Equal(2, loaded.Count());
        var loadedInner = Assert.IsType<TransformerChain<ITransformer>>(loaded.First());
        Assert.Single(loadedInner.GetModelFor(TransformerScope.Scoring));
        Assert.Equal(2, loadedInner.GetModelFor(TransformerScope.Testing).Count());
        Assert.Equal(["Rex", "Tom", "", "Ada"], loaded.Transform(Pets).GetColumn<string>("C"));
    }

    [Fact]
    public void Load_SingleTransformer_Works()
    {
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Key", "Weight").Fit(Pets);

        ITransformer loaded = Reload(model, out _);

        Assert.IsType<ValueToKeyMappingTransformer>(loaded);
        Assert.Equal([1u, 2u, 3u, 4u], loaded.Transform(Pets).GetColumn<uint>("Key"));
    }

    [Fact]
    public void Load_ValueMappingOfBytes_KeepsEveryByte()
    {
        byte[] state = [.. Enumerable.Range(0, 100_003).Select(i => (byte)(i * 7))];
        IDataView table = _ml.Data.LoadFromEnumerable([new Entry { Key = "state", Value = state }]);
        ITransformer model = _ml.Transforms.Conversion.MapValue("State", table, table.Schema["Key"], table.Schema["Value"], "Probe")
            .Fit(_ml.Data.LoadFromEnumerable([new Probe()]));

        ITransformer loaded = Reload(model, out _, _ml.Data.LoadFromEnumerable([new Probe()]).Schema);

        Assert.Equal(state, loaded.Transform(_ml.Data.LoadFromEnumerable([new Probe()])).GetColumn<byte[]>("State").Single());
    }

    [Fact]
    public void Save_ComponentThatDelegates_IsSavedAsItsDelegate()
    {
        ITransformer copy = _ml.Transforms.CopyColumns("Copy", "Name").Fit(Pets);

        ITransformer loaded = Reload(new Delegating(copy).Append<ITransformer>(copy), out _);

        Assert.Equal(["Rex", "Tom", "", "Ada"], loaded.Transform(Pets).GetColumn<string>("Copy"));
        Assert.DoesNotContain((IEnumerable<ITransformer>)loaded, transformer => transformer is Delegating);
    }

    [Fact]
    public void Load_InputSchemaWithKeyValues_KeepsThem()
    {
        IDataView mapped = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(Pets).Transform(Pets);
        ITransformer model = _ml.Transforms.Conversion.MapKeyToValue("Back", "Key").Fit(mapped);

        Reload(model, out DataViewSchema schema, mapped.Schema);

        Assert.Equal(["dog", "cat", "bird"], Tables.KeyValues(schema["Key"]));
    }

    [Fact]
    public void Load_TruncatedFile_Throws()
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Name").Fit(Pets), Pets.Schema, stream);
        byte[] bytes = stream.ToArray();

        Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(bytes, 0, bytes.Length / 2), out _));
        Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(), out _));
    }

    private ITransformer Reload(ITransformer model, out DataViewSchema schema, DataViewSchema? inputSchema = null)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, inputSchema ?? Pets.Schema, stream);
        stream.Position = 0;
        return new MLContext(2).Model.Load(stream, out schema);
    }

    private sealed class Entry
    {
        public string Key { get; set; } = "";

        public byte[] Value { get; set; } = [];
    }

    private sealed class Probe
    {
        [ColumnName("Probe")]
        public string Key { get; set; } = "state";
    }

    private sealed class Delegating(ITransformer inner) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        void ICanSaveModel.Save(ModelSaveContext ctx) => inner.Save(ctx);
    }
}
