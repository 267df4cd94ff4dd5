using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Schema;

namespace MlAttention.Tests.Pipeline;

/// <summary>Every estimator of the catalog through everything that ML.NET does with data views; <see cref="PipelineUseTests"/> has what it does with models.</summary>
public class PipelineMatrixTests
{
    private const int RowCount = FittedPipelines.RowCount;

    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<PipelineCase> Cases => PipelineCase.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_TwiceWithTheSameSeed_GivesTheSameValues(PipelineCase pipelineCase)
    {
        var (_, expected) = FittedPipelines.Of(pipelineCase);
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
        var fitted = SchemaShapes.Of(FittedPipelines.Of(pipelineCase).Model.GetOutputSchema(data.Schema));

        Assert.Equal(Snapshot.Describe(fitted), Snapshot.Describe(shape));
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

        using var ofOutput = view.GetRowCursor([view.Schema[pipelineCase.Outputs[0]]]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ofOutput.GetGetter<float>(view.Schema["Id"]));
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
        var (model, expected) = FittedPipelines.Of(pipelineCase);
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

        Snapshot.AssertClose(expected, Snapshot.Of(cached, columns));
        Snapshot.AssertClose(expected, Snapshot.Of(cached, columns));
        Snapshot.AssertClose(expected[..3], Snapshot.Of(_ml.Data.TakeRows(view, 3), columns));
        Snapshot.AssertClose(expected[100..], Snapshot.Of(_ml.Data.SkipRows(view, 100), columns));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrainTestSplit_BothParts_FitAndTransform(PipelineCase pipelineCase)
    {
        var split = _ml.Data.TrainTestSplit(TinyTexts.Data(_ml, RowCount), testFraction: 0.2, seed: 5);

        var train = Snapshot.Of(pipelineCase.Pipeline(_ml).Fit(split.TrainSet).Transform(split.TrainSet), [.. pipelineCase.Outputs, "Id"]);
        var test = Snapshot.Of(FittedPipelines.Of(pipelineCase).Model.Transform(split.TestSet), [.. pipelineCase.Outputs, "Id"]);

        Assert.Equal(RowCount, train.Length + test.Length);
        AssertSameRows(FittedPipelines.Of(pipelineCase).Expected.Where(row => test.Any(other => other.EndsWith(" | " + Id(row), StringComparison.Ordinal))), test);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Preview_ShowsTheValues(PipelineCase pipelineCase)
    {
        var (view, expected) = View(pipelineCase);

        var preview = view.Preview(maxRows: 5);

        Assert.Equal(5, preview.RowView.Length);
        for (var row = 0; row < 5; row++)
        {
            var values = pipelineCase.Outputs.Append("Id").Select(name => Snapshot.Format(preview.RowView[row].Values.Last(pair => pair.Key == name).Value));
            Snapshot.AssertClose([expected[row]], [string.Join(" | ", values)]);
        }

        foreach (var output in pipelineCase.Outputs) Assert.Contains(preview.ColumnView, column => column.Column.Name == output && column.Values.Length == 5);
    }

    private (IDataView View, string[] Expected) View(PipelineCase pipelineCase)
    {
        var (model, expected) = FittedPipelines.Of(pipelineCase);
        return (model.Transform(TinyTexts.Data(_ml, RowCount)), expected);
    }

    private static string Id(string row) => row.Split(" | ")[^1];

    private static void AssertSameRows(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Snapshot.AssertClose([.. expected.OrderBy(Id, StringComparer.Ordinal)], [.. actual.OrderBy(Id, StringComparer.Ordinal)]);
}
