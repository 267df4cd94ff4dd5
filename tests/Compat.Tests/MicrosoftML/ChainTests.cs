using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Compat.Tests.MicrosoftML;

public class ChainTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Pets => _ml.Data.LoadFromEnumerable(Tables.Pets);

    [Fact]
    public void Fit_Chain_FitsEachOnTheOutputOfTheOnesBefore()
    {
        var pipeline = _ml.Transforms.Text.TokenizeIntoWords("Words", "Kind")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys"));

        TransformerChain<KeyToValueMappingTransformer> model = pipeline.Fit(Pets);

        Assert.Equal(3, model.Count());
        Assert.IsType<KeyToValueMappingTransformer>(model.LastTransformer);
        Assert.Equal(["dog"], model.Transform(Pets).GetColumn<string[]>("Back").First());
    }

    [Fact]
    public void Fit_SchemaError_ComesBeforeAnyRowIsRead()
    {
        int read = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(3).Select(row =>
        {
            read++;
            return row;
        }));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Group").Append(_ml.Transforms.CopyColumns("Copy", "Other"));

        Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(data));
        Assert.Equal(0, read);
    }

    [Fact]
    public void Transform_Scopes_TakeTheTransformersOfTheScope()
    {
        var pipeline = _ml.Transforms.CopyColumns("Always", "Name")
            .Append(_ml.Transforms.CopyColumns("OnlyTraining", "Name"), TransformerScope.Training)
            .Append(_ml.Transforms.CopyColumns("Last", "Name"));

        TransformerChain<ColumnCopyingTransformer> model = pipeline.Fit(Pets);

        Assert.Null(model.Transform(Pets).Schema.GetColumnOrNull("OnlyTraining"));
        Assert.NotNull(model.Transform(Pets, TransformerScope.Everything).Schema.GetColumnOrNull("OnlyTraining"));
        Assert.Equal(2, model.GetModelFor(TransformerScope.Scoring).Count());
        Assert.Equal(3, model.GetModelFor(TransformerScope.TrainTest).Count());
        Assert.Equal(model.Transform(Pets).Schema.Count, model.GetOutputSchema(Pets.Schema).Count);
    }

    [Fact]
    public void Transform_IsLazy_ReadsOnlyWhenCursored()
    {
        int read = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(3).Select(row =>
        {
            read++;
            return row;
        }));

        IDataView transformed = _ml.Transforms.CopyColumns("Copy", "Id").Fit(data).Transform(data);

        Assert.Equal(0, read);
        Assert.Equal([0, 1, 2], transformed.GetColumn<int>("Copy"));
        Assert.Equal(3, read);
    }

    [Fact]
    public void Constructor_OfTransformerChain_ChecksItsParts()
    {
        ITransformer copy = _ml.Transforms.CopyColumns("Copy", "Name").Fit(Pets);
        ITransformer other = _ml.Transforms.CopyColumns("Other", "Copy").Fit(_ml.Transforms.CopyColumns("Copy", "Name").Fit(Pets).Transform(Pets));

        var chain = new TransformerChain<ITransformer>([copy, other], [TransformerScope.Everything, TransformerScope.Scoring]);

        Assert.Same(other, chain.LastTransformer);
        Assert.Throws<InvalidOperationException>(() => new TransformerChain<ITransformer>([copy], [TransformerScope.Everything, TransformerScope.Everything]));
        Assert.Throws<InvalidOperationException>(() => new TransformerChain<KeyToValueMappingTransformer>(copy));
    }

    [Fact]
    public void Append_Transformers_MakeAChain()
    {
        ITransformer copy = _ml.Transforms.CopyColumns("Copy", "Name").Fit(Pets);
        TransformerChain<ITransformer> chain = copy.Append<ITransformer>(_ml.Transforms.Text.NormalizeText("Low", "Name").Fit(Pets));

        Assert.Equal(["rex", "tom", "", "ada"], chain.Transform(Pets).GetColumn<string>("Low"));
    }

    [Fact]
    public void GetOutputSchema_OfTheEstimators_AgreesWithTheFittedSchema()
    {
        var pipeline = _ml.Transforms.Text.TokenizeIntoWords("Words", "Kind")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Kind"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Keys"))
            .Append(_ml.Transforms.Concatenate("Features", "Weight", "Weight"));

        SchemaShape promised = pipeline.GetOutputSchema(Tables.ShapeOf(Pets.Schema));
        SchemaShape fitted = Tables.ShapeOf(pipeline.Fit(Pets).Transform(Pets).Schema);

        Assert.Equal(Describe(fitted), Describe(promised));
    }

    [Fact]
    public void WithOnFitDelegate_Fit_CallsBackWithTheTransformer()
    {
        ValueToKeyMappingTransformer? seen = null;
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").WithOnFitDelegate(transformer => seen = transformer)
            .Append(_ml.Transforms.CopyColumns("Copy", "Key"));

        var model = pipeline.Fit(Pets);

        Assert.Same(model.First(), seen);
    }

    [Fact]
    public void AppendCacheCheckpoint_LaterFits_ReadTheSourceOnce()
    {
        int read = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Tables.Numbers(6).Select(row =>
        {
            Interlocked.Increment(ref read);
            return row;
        }));
        var cached = _ml.Transforms.CopyColumns("Copy", "Group").AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.Conversion.MapValueToKey("K1", "Copy"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("K2", "Copy"));

        cached.Fit(data);

        Assert.Equal(6, read);
    }

    [Fact]
    public void GetRowToRowMapper_Chain_MapsSingleRows()
    {
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Append(_ml.Transforms.CopyColumns("Copy", "Key")).Fit(Pets);
        IDataView data = Pets;
        IRowToRowMapper mapper = model.GetRowToRowMapper(data.Schema);
        DataViewSchema.Column copy = mapper.OutputSchema["Copy"];

        Assert.True(model.IsRowToRowMapper);
        Assert.Equal(["Kind"], mapper.GetDependencies([copy]).Select(column => column.Name));
        using DataViewRowCursor cursor = data.GetRowCursor(mapper.GetDependencies([copy]));
        using DataViewRow row = mapper.GetRow(cursor, [copy]);
        ValueGetter<uint> getter = row.GetGetter<uint>(row.Schema["Copy"]);
        var keys = new List<uint>();
        while (cursor.MoveNext())
        {
            uint key = 0;
            getter(ref key);
            keys.Add(key);
        }

        Assert.Equal([1u, 2u, 3u, 2u], keys);
    }

    private static IEnumerable<string> Describe(SchemaShape shape) =>
        shape.Select(column => $"{column.Name}: {column.Kind} {column.ItemType} {column.IsKey} [{string.Join(", ", column.Annotations.Select(annotation => $"{annotation.Name} {annotation.Kind} {annotation.ItemType}"))}]").Order();
}
