using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlAttention.Tests.Pipeline;

/// <summary>Rows cut to the maximum length are counted and told, whichever way they are read.</summary>
public sealed class TruncationTests
{
    private const int MaxLength = 2;

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<(ChannelMessageKind Kind, string Text)> _log = [];

    /// <summary>What cuts: the tokenizer, and all that read keys for a model with a maximum length.</summary>
    public static TheoryData<string> Cutters => ["TokenizeSequence", "Classifier", "EncodeSequence", "AttentionWeights"];

    [Theory]
    [MemberData(nameof(Cutters))]
    public void TruncatedRows_SomeRowsRead_AreThoseThatWereCut(string cutter)
    {
        var (transformer, rows) = Fitted(cutter, cutRows: 100, wholeRows: 0);
        var view = transformer.Transform(rows);
        Listen();

        using (var cursor = view.GetRowCursor(view.Schema))
        {
            for (var row = 0; row < 7; row++) Assert.True(cursor.MoveNext());
            Assert.Equal(7, transformer.TruncatedRows);
            Assert.Empty(Truncations);
        }

        Assert.Equal($"Truncated: 14 tokens of 7 rows, because MaxLength = {MaxLength}.", Assert.Single(Truncations));
        Assert.Equal(3, view.Preview(maxRows: 3).RowView.Length);
        Assert.Equal(10, transformer.TruncatedRows);
    }

    [Theory]
    [MemberData(nameof(Cutters))]
    public void TruncatedRows_AllRowsRead_AreToldOnceAPass(string cutter)
    {
        var (transformer, rows) = Fitted(cutter, cutRows: 70, wholeRows: 5);
        var view = transformer.Transform(rows);
        Listen();

        using (var cursor = view.GetRowCursor(view.Schema))
            while (cursor.MoveNext()) { }

        Assert.Equal(70, transformer.TruncatedRows);
        Assert.Equal($"Truncated: 140 tokens of 70 rows, because MaxLength = {MaxLength}.", Assert.Single(Truncations));
    }

    [Theory]
    [MemberData(nameof(Cutters))]
    public void TruncatedRows_RowsOneByOne_ToldAtTheFirstAndEachPowerOfTen(string cutter)
    {
        var (transformer, rows) = Fitted(cutter, cutRows: 100, wholeRows: 5);
        var mapper = ((ITransformer)transformer).GetRowToRowMapper(rows.Schema);
        Listen();

        using (var input = rows.GetRowCursor(rows.Schema))
        {
            var row = mapper.GetRow(input, mapper.OutputSchema);
            var read = Getter(row, mapper.OutputSchema[mapper.OutputSchema.Count - 1]);
            while (input.MoveNext())
            {
                read();
                read();     // twice the same row is one row
            }
        }

        Assert.Equal(100, transformer.TruncatedRows);
        Assert.Equal([.. new[] { 1, 10, 100 }.Select(count => $"Truncated: {2 * count} tokens of {count} rows so far, because MaxLength = {MaxLength}.")], Truncations);
    }

    [Fact]
    public void TruncatedRows_PredictionEngine_CountsEachText()
    {
        var model = Model(MaxLength);
        using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var classifier = Classifier(model);

        for (var text = 0; text < 5; text++) engine.Predict(new TinyTexts.Row { Text = "bark bone walks bark" });
        engine.Predict(new TinyTexts.Row { Text = "bark bone" });

        Assert.Equal(5, classifier.TruncatedRows);
    }

    [Fact]
    public void TruncatedRows_ManyThreads_LoseNone()
    {
        var model = Model(MaxLength);
        Listen();

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
            for (var text = 0; text < 50; text++) engine.Predict(new TinyTexts.Row { Text = "bark bone walks bark" });
        });

        Assert.Equal(400, Classifier(model).TruncatedRows);
        Assert.Equal(3, Truncations.Length);
    }

    [Fact]
    public void TruncatedRows_ParallelCursors_AreToldOnceAPass()
    {
        const int Rows = 20_000;
        var data = TinyTexts.Data(_ml, Rows);
        var read = _ml.Transforms.Conversion.ConvertType("Number", "Id", DataKind.Double)
            .Append(_ml.Attention().TokenizeSequence(new() { OutputColumnName = "Tokens", InputColumnName = "Text", MaxLength = 1 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Words", "Tokens"));
        var model = read.Fit(data);
        var view = model.Transform(data);
        Listen();

        using (var cursor = view.GetRowCursor([view.Schema["Words"], view.Schema["Number"]]))
            while (cursor.MoveNext()) { }

        Assert.Equal(Rows, ((IEnumerable<ITransformer>)model).OfType<SequenceTokenizingTransformer>().Single().TruncatedRows);
        Assert.Contains($"of {Rows} rows,", Assert.Single(Truncations), StringComparison.Ordinal);
    }

    [Fact]
    public void LoadAttention_WithTheContext_TellsItsLog()
    {
        using var file = new MemoryStream();
        _ml.Model.Save(Model(MaxLength), TinyTexts.Data(_ml, 1).Schema, file);
        Listen();

        var silent = _ml.Model.LoadAttention(file, out _);
        Assert.Equal(10, silent.Transform(TinyTexts.Data(_ml, 10)).GetColumn<float[]>("Score").Count());
        Assert.Empty(Truncations);
        var told = _ml.Model.LoadAttention(file, out _, _ml);
        Assert.Equal(10, told.Transform(TinyTexts.Data(_ml, 10)).GetColumn<float[]>("Score").Count());

        Assert.Equal(Classifier(silent).TruncatedRows, Classifier(told).TruncatedRows);
        Assert.Contains($"of {Classifier(told).TruncatedRows} rows, because MaxLength = {MaxLength}", Assert.Single(Truncations), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LongerThanMaxLength_IsAWarning()
    {
        Listen();

        Model(MaxLength);

        Assert.Equal(ChannelMessageKind.Warning, Assert.Single(_log, message => message.Text.StartsWith("Truncated: ", StringComparison.Ordinal)).Kind);
    }

    [Fact]
    public void Fit_TooFewRowsToHoldOut_IsAWarning()
    {
        Listen();
        var rows = TinyTexts.Labels.Select(label => new TinyTexts.Row { Text = "bark", Label = label });

        TinyTexts.Pipeline(_ml).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(ChannelMessageKind.Warning, Assert.Single(_log, message => message.Text.StartsWith("No validation: ", StringComparison.Ordinal)).Kind);
    }

    private string[] Truncations => [.. _log.Where(message => message.Text.StartsWith("Truncated: ", StringComparison.Ordinal)).Select(message => message.Text)];

    private void Listen() => _ml.Log += (_, message) =>
    {
        lock (_log) _log.Add((message.Kind, message.RawMessage));
    };

    private ITransformer Model(int maxLength) => TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { MaxLength = maxLength, Training = TinyTexts.Classifier.Training with { Epochs = 1 } }).Fit(TinyTexts.Data(_ml, 53));

    private static AttentionClassifierTransformer Classifier(ITransformer model) => ((IEnumerable<ITransformer>)model).OfType<AttentionClassifierTransformer>().Single();

    /// <summary>A transformer that cuts, and rows of which the first are two tokens too long.</summary>
    private (SequenceTransformer Transformer, IDataView Rows) Fitted(string cutter, int cutRows, int wholeRows)
    {
        var attention = _ml.Attention();
        var texts = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, cutRows + wholeRows).Select(row => new TinyTexts.Row { Text = row < cutRows ? "bark bone walks purr" : "bark", Label = "dog" }));
        if (cutter == "TokenizeSequence") return (attention.TokenizeSequence(new() { OutputColumnName = "Tokens", InputColumnName = "Text", MaxLength = MaxLength }).Fit(texts), texts);

        var preparation = TinyTexts.Preparation(_ml).Fit(TinyTexts.Data(_ml, 53));
        var training = preparation.Transform(TinyTexts.Data(_ml, 53));
        var classifier = attention.Classifier(TinyTexts.Classifier with { MaxLength = MaxLength, Training = TinyTexts.Classifier.Training with { Epochs = 1 } }).Fit(training);
        SequenceTransformer transformer = cutter switch
        {
            "EncodeSequence" => attention.EncodeSequence(classifier, "Features").Fit(training),
            "AttentionWeights" => attention.AttentionWeights(new AttentionWeightsOptions(classifier.Model)).Fit(training),
            _ => classifier,
        };
        return (transformer, preparation.Transform(texts));
    }

    private static Action Getter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType { ItemType: KeyDataViewType }) return Getter<VBuffer<uint>>(row, column);
        return Getter<VBuffer<float>>(row, column);
    }

    private static Action Getter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () => getter(ref value);
    }
}
