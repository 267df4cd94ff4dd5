using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Tests.Pipeline;

/// <summary>Every estimator of the catalog through everything that ML.NET does with data views.</summary>
public class PipelineMatrixTests
{
    /// <summary>More rows than two batches, and a prime.</summary>
    private const int RowCount = 157;

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Fitted models are safe to share, so each is fitted once for all tests.</summary>
    private static readonly Dictionary<string, Lazy<(ITransformer Model, string[] Expected)>> Fitted = PipelineCase.All.ToDictionary(pipelineCase => pipelineCase.Name, pipelineCase => new Lazy<(ITransformer, string[])>(() =>
    {
        var ml = new MLContext(seed: 1);
        var data = TinyTexts.Data(ml, RowCount);
        var model = pipelineCase.Pipeline(ml).Fit(data);
        return (model, Snapshot.Of(model.Transform(data), [.. pipelineCase.Outputs, "Id"]));
    }));

    public static TheoryData<PipelineCase> Cases => PipelineCase.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_TwiceWithTheSameSeed_GivesTheSameValues(PipelineCase pipelineCase)
    {
        var (_, expected) = Fitted[pipelineCase.Name].Value;
        var data = TinyTexts.Data(_ml, RowCount);

        Assert.Equal(expected, Snapshot.Of(pipelineCase.Pipeline(_ml).Fit(data).Transform(data), [.. pipelineCase.Outputs, "Id"]));
        Assert.Equal(RowCount, expected.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GetOutputSchema_Shape_AgreesWithTheFittedSchema(PipelineCase pipelineCase)
    {
        var data = TinyTexts.Data(_ml, RowCount);
        var shape = pipelineCase.Pipeline(_ml).GetOutputSchema(SchemaShapes.Of(data.Schema));
        var fitted = SchemaShapes.Of(Fitted[pipelineCase.Name].Value.Model.GetOutputSchema(data.Schema));

        Assert.Equal(Describe(fitted).Distinct().Order(StringComparer.Ordinal), Describe(shape).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GetRowCursor_OneColumnActive_GivesItAloneAndNoOther(PipelineCase pipelineCase)
    {
        var (view, expected) = View(pipelineCase);
        foreach (var (output, index) in pipelineCase.Outputs.Select((output, index) => (output, index)))
            Assert.Equal(expected.Select(row => row.Split(" | ")[index]), Snapshot.Of(view, output));

        using var cursor = view.GetRowCursor([view.Schema["Id"]]);
        Assert.False(cursor.IsColumnActive(view.Schema[pipelineCase.Outputs[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<VBuffer<float>>(view.Schema[pipelineCase.Outputs[0]]));
        Assert.Equal(expected.Select(row => row.Split(" | ")[^1]), Snapshot.Of(cursor, "Id"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GetRowCursorSet_AllCursors_GiveEveryRowOnce(PipelineCase pipelineCase)
    {
        var (view, expected) = View(pipelineCase);
        string[] columns = [.. pipelineCase.Outputs, "Id"];

        var cursors = view.GetRowCursorSet(columns.Select(name => view.Schema[name]), 3);

        Assert.Equal(expected.Order(StringComparer.Ordinal), cursors.SelectMany(cursor => Snapshot.Of(cursor, columns)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GetRowCursor_PositionIdAndBatch_FollowTheContract(PipelineCase pipelineCase)
    {
        var (view, _) = View(pipelineCase);
        var input = TinyTexts.Data(_ml, RowCount);
        using var inputCursor = input.GetRowCursor(input.Schema);
        using var cursor = view.GetRowCursor([view.Schema[pipelineCase.Outputs[0]]]);
        var (getId, getInputId) = (cursor.GetIdGetter(), inputCursor.GetIdGetter());
        var (id, inputId) = (default(DataViewRowId), default(DataViewRowId));

        Assert.Equal((-1L, -1L), (cursor.Position, cursor.Batch));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<DateTime>(view.Schema[pipelineCase.Outputs[0]]));
        for (var row = 0; row < RowCount; row++)
        {
            Assert.True(cursor.MoveNext());
            inputCursor.MoveNext();
            getId(ref id);
            getInputId(ref inputId);
            Assert.Equal((row, inputCursor.Batch, inputId), (cursor.Position, cursor.Batch, id));
        }

        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ShuffleRows_BeforeAndAfter_KeepsEachRowTogether(PipelineCase pipelineCase)
    {
        var (model, expected) = Fitted[pipelineCase.Name].Value;
        string[] columns = [.. pipelineCase.Outputs, "Id"];

        var before = Snapshot.Of(model.Transform(_ml.Data.ShuffleRows(TinyTexts.Data(_ml, RowCount), seed: 3)), columns);
        var after = Snapshot.Of(_ml.Data.ShuffleRows(model.Transform(TinyTexts.Data(_ml, RowCount)), seed: 3), columns);

        Assert.NotEqual(expected, before);
        AssertSameRows(expected, before);
        AssertSameRows(expected, after);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CacheTakeAndSkip_GiveTheSameValues(PipelineCase pipelineCase)
    {
        var (view, expected) = View(pipelineCase);
        string[] columns = [.. pipelineCase.Outputs, "Id"];
        var cached = _ml.Data.Cache(view);

        AssertClose(expected, Snapshot.Of(cached, columns));
        AssertClose(expected, Snapshot.Of(cached, columns));
        AssertClose(expected[..3], Snapshot.Of(_ml.Data.TakeRows(view, 3), columns));
        AssertClose(expected[100..], Snapshot.Of(_ml.Data.SkipRows(view, 100), columns));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrainTestSplit_BothParts_FitAndTransform(PipelineCase pipelineCase)
    {
        var split = _ml.Data.TrainTestSplit(TinyTexts.Data(_ml, RowCount), testFraction: 0.2, seed: 5);

        var train = Snapshot.Of(pipelineCase.Pipeline(_ml).Fit(split.TrainSet).Transform(split.TrainSet), [.. pipelineCase.Outputs, "Id"]);
        var test = Snapshot.Of(Fitted[pipelineCase.Name].Value.Model.Transform(split.TestSet), [.. pipelineCase.Outputs, "Id"]);

        Assert.Equal(RowCount, train.Length + test.Length);
        AssertSameRows(Fitted[pipelineCase.Name].Value.Expected.Where(row => test.Any(other => other.EndsWith(" | " + Id(row), StringComparison.Ordinal))), test);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Preview_ShowsTheColumns(PipelineCase pipelineCase)
    {
        var preview = View(pipelineCase).View.Preview(maxRows: 5);

        Assert.Equal(5, preview.RowView.Length);
        foreach (var output in pipelineCase.Outputs) Assert.Contains(preview.ColumnView, column => column.Column.Name == output);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PredictionEngine_OneRow_GivesTheValuesOfTransform(PipelineCase pipelineCase)
    {
        var (model, expected) = Fitted[pipelineCase.Name].Value;
        var mapper = model.GetRowToRowMapper(TinyTexts.Data(_ml, 1).Schema);
        Assert.True(model.IsRowToRowMapper);
        Assert.Equal([.. pipelineCase.Outputs], mapper.OutputSchema.Where(column => pipelineCase.Outputs.Contains(column.Name)).Select(column => column.Name).Distinct());

        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, Outputs>(model, new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });
        var rows = TinyTexts.Rows(RowCount);
        for (var row = 0; row < 7; row++)
            Assert.Equal(rows[row].Id, engine.Predict(rows[row]).Id);

        AssertClose(expected[..7], SingleRows(model, rows[..7], [.. pipelineCase.Outputs, "Id"]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SaveAndLoadAttention_GivesTheSameBits(PipelineCase pipelineCase)
    {
        var (model, expected) = Fitted[pipelineCase.Name].Value;
        var data = TinyTexts.Data(_ml, RowCount);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        var other = new MLContext(seed: 99);
        var loaded = other.Model.LoadAttention(stream, out var schema);

        Assert.Equal(expected, Snapshot.Of(loaded.Transform(TinyTexts.Data(other, RowCount)), [.. pipelineCase.Outputs, "Id"]));
        Assert.NotNull(schema.GetColumnOrNull("Text"));
        Assert.Equal(Describe(SchemaShapes.Of(model.GetOutputSchema(data.Schema))), Describe(SchemaShapes.Of(loaded.GetOutputSchema(data.Schema))));
    }

    private sealed class Outputs
    {
        public float Id { get; set; }
    }

    private (IDataView View, string[] Expected) View(PipelineCase pipelineCase)
    {
        var (model, expected) = Fitted[pipelineCase.Name].Value;
        return (model.Transform(TinyTexts.Data(_ml, RowCount)), expected);
    }

    private string[] SingleRows(ITransformer model, TinyTexts.Row[] rows, string[] columns) =>
        [.. rows.SelectMany(row => Snapshot.Of(model.Transform(_ml.Data.LoadFromEnumerable(new[] { row })), columns))];

    private static string Id(string row) => row.Split(" | ")[^1];

    private static void AssertSameRows(IEnumerable<string> expected, IEnumerable<string> actual) =>
        AssertClose([.. expected.OrderBy(Id, StringComparer.Ordinal)], [.. actual.OrderBy(Id, StringComparer.Ordinal)]);

    /// <summary>Batches of another size may round the last bits of a sum differently.</summary>
    private static void AssertClose(string[] expected, string[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (one, other) in expected.Zip(actual))
        {
            if (one == other) continue;
            var (numbers, others) = (Numbers(one), Numbers(other));
            Assert.Equal(numbers.Length, others.Length);
            foreach (var (number, otherNumber) in numbers.Zip(others)) Assert.Equal(number, otherNumber, 1e-4f);
        }
    }

    private static float[] Numbers(string row) =>
        [.. row.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private static IEnumerable<string> Describe(SchemaShape shape) => shape.GroupBy(column => column.Name).Select(columns => columns.Last())
        .Select(column => $"{column.Name}: {column.Kind} {(column.IsKey ? "key " : "")}{column.ItemType} {{{string.Join("; ", Describe(column.Annotations).Order(StringComparer.Ordinal))}}}");
}
