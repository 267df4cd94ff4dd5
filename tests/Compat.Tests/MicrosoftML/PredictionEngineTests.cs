using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.Tests.MicrosoftML;

public class PredictionEngineTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Pets => _ml.Data.LoadFromEnumerable(Tables.Pets);

    private ITransformer Model() => _ml.Transforms.Conversion.MapValueToKey("Key", "Kind")
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
        .Append(_ml.Transforms.Concatenate("Features", "Weight", "Weight"))
        .Fit(Pets);

    [Fact]
    public void Predict_OneExampleAfterTheOther_GivesEachItsPrediction()
    {
        using PredictionEngine<Tables.Pet, Prediction> engine = _ml.Model.CreatePredictionEngine<Tables.Pet, Prediction>(Model());

        Prediction cat = engine.Predict(new Tables.Pet { Species = "cat", Weight = 4 });
        Prediction fish = engine.Predict(new Tables.Pet { Species = "fish", Weight = 1 });

        Assert.Equal(2u, cat.Key);
        Assert.Equal("cat", cat.Back);
        Assert.Equal([4f, 4f], cat.Features);
        Assert.Equal(0u, fish.Key);
        Assert.Equal("", fish.Back);
        Assert.Equal([1f, 1f], fish.Features);
    }

    [Fact]
    public void Predict_IntoAnObject_FillsIt()
    {
        using PredictionEngine<Tables.Pet, Prediction> engine = _ml.Model.CreatePredictionEngine<Tables.Pet, Prediction>(Model());
        var prediction = new Prediction();
        Prediction same = prediction;

        engine.Predict(new Tables.Pet { Species = "dog" }, ref prediction);

        Assert.Same(same, prediction);
        Assert.Equal("dog", prediction.Back);
    }

    [Fact]
    public void OutputSchema_OfTheEngine_HasTheColumnsOfTheModel()
    {
        using PredictionEngine<Tables.Pet, Prediction> engine = _ml.Model.CreatePredictionEngine<Tables.Pet, Prediction>(Model());

        Assert.Equal(new KeyDataViewType(typeof(uint), 3), engine.OutputSchema["Key"].Type);
    }

    [Fact]
    public void CreatePredictionEngine_MissingColumn_ThrowsUnlessIgnored()
    {
        ITransformer model = Model();

        Assert.ThrowsAny<Exception>(() => _ml.Model.CreatePredictionEngine<Tables.Pet, Other>(model, ignoreMissingColumns: false));
        using PredictionEngine<Tables.Pet, Other> engine = _ml.Model.CreatePredictionEngine<Tables.Pet, Other>(model);
        Assert.Equal(7, engine.Predict(new Tables.Pet()).Missing);
    }

    [Fact]
    public void CreatePredictionEngine_InputSchema_GivesTypesToTheInput()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Point { X = [1, 2] }]);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("X", new VectorDataViewType(NumberDataViewType.Single, 2));
        IDataView sized = _ml.Data.LoadFromEnumerable([new Point { X = [1, 2] }], builder.ToSchema());
        ITransformer model = _ml.Transforms.Concatenate("Features", "X", "X").Fit(sized);

        using PredictionEngine<Point, Prediction2> engine = _ml.Model.CreatePredictionEngine<Point, Prediction2>(model, sized.Schema);

        Assert.False(((VectorDataViewType)data.Schema["X"].Type).IsKnownSize);
        Assert.Equal(4, ((VectorDataViewType)engine.OutputSchema["Features"].Type).Size);
        Assert.Equal([3f, 4f, 3f, 4f], engine.Predict(new Point { X = [3, 4] }).Features);
    }

    [Fact]
    public void Dispose_EngineThatOwnsTheTransformer_DisposesIt()
    {
        var owned = new Disposable(Model());
        _ml.Model.CreatePredictionEngine<Tables.Pet, Prediction>(owned).Dispose();
        var shared = new Disposable(Model());
        _ml.Model.CreatePredictionEngine<Tables.Pet, Prediction>(shared, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        var chained = new Disposable(Model());
        new TransformerChain<ITransformer>(chained).Dispose();

        Assert.True(owned.Disposed);
        Assert.False(shared.Disposed);
        Assert.True(chained.Disposed);
    }

    private sealed class Prediction
    {
        public uint Key { get; set; }

        public string Back { get; set; } = "";

        public float[] Features { get; set; } = [];
    }

    private sealed class Other
    {
        public int Missing { get; set; } = 7;
    }

    private sealed class Point
    {
        public float[] X { get; set; } = [];
    }

    private sealed class Prediction2
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Disposable(ITransformer inner) : ITransformer, IDisposable
    {
        public bool Disposed { get; private set; }

        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public void Dispose() => Disposed = true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        void ICanSaveModel.Save(ModelSaveContext ctx) => inner.Save(ctx);
    }
}
