using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Rows;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>What ML.NET reads on several threads: the order of rows, and errors.</summary>
public class ParallelReadingTests
{
    private const int Rows = 20_000;

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>A transform of ML.NET's underneath splits the rows among cursors, ours stand between, and one on top puts them together by their batches.</summary>
    [Fact]
    public void GetRowCursor_BetweenTransformsOfMlNets_GivesRowsInOrder()
    {
        var data = TinyTexts.Data(_ml, Rows);
        var pipeline = _ml.Transforms.Conversion.ConvertType("Number", "Id", DataKind.Double)
            .Append(_ml.Attention().TokenizeSequence("Tokens", "Text"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Words", "Tokens"));
        var read = pipeline.Fit(data).Transform(data);

        using var cursor = read.GetRowCursor([read.Schema["Words"], read.Schema["Number"]]);
        var numbers = new List<double>();
        var getNumber = cursor.GetGetter<double>(read.Schema["Number"]);
        for (double number = 0; cursor.MoveNext(); numbers.Add(number)) getNumber(ref number);

        Assert.Equal(Enumerable.Range(0, Rows).Select(row => (double)row), numbers);
    }

    [Fact]
    public void Fit_BadRowAtTheEnd_ThrowsTheErrorOfTheFile()
    {
        using var folder = new TemporaryFolder();
        var rows = string.Concat(Enumerable.Repeat("good thing,plus\nbad thing,minus\n", 100));
        var data = _ml.Attention().LoadCsv(folder.Write("bad.csv", "Text,Label\n" + rows + "one field\n"));
        // The vocabulary is learned from another file, so that the classifier is the first to read the bad row.
        var good = _ml.Attention().LoadCsv(folder.Write("good.csv", "Text,Label\n" + rows));
        var preparation = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().TokenizeSequence("Tokens", "Text")).Append(_ml.Transforms.CopyColumns("Copy", "Label"));
        var prepared = preparation.Fit(good).Transform(data);

        var error = Assert.Throws<CsvDataException>(() => _ml.Attention().Classifier(TinyTexts.Classifier with { LabelColumnName = "Copy" }).Fit(prepared));

        Assert.Equal(202, error.Row);
    }

    [Fact]
    public void CauseOf_AnErrorOfOurOwn_IsThatError()
    {
        var inner = new CsvDataException("inner");
        var own = new InvalidOperationException("own", inner);

        Assert.Same(own, ParallelReading.CauseOf(own));
    }
}
