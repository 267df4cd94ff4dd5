using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Csv;

/// <summary>Rows with none to several labels: one cell with a separator, or a column for each label.</summary>
public sealed class CsvLabelsTests : IDisposable
{
    private readonly CsvFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LabelSeparator_Cells_AreCutIntoLabels()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,rude|loud\nb,\nc,loud\nd,|rude||\ne,rude | loud\n");

        Assert.Equal(["rude;loud", "", "loud", "rude", "rude ; loud"], Labels(new CsvOptions { LabelSeparator = "|" }, path));
        Assert.Equal("rude;loud", Labels(new CsvOptions { LabelSeparator = "|", Trim = true }, path)[^1]);
    }

    [Fact]
    public void LabelColumns_OfEachLabel_GiveTheNamesOfThoseThatARowHas()
    {
        var path = _folder.Write("a.csv", "Text,rude,loud,late\na,1,0,true\nb,0,no,0\nc,0,yes,FALSE\n");

        Assert.Equal(["late;rude", "", ""], Labels(new CsvOptions { LabelColumns = ["late", "rude"] }, path));
        Assert.Equal(["loud"], Labels(new CsvOptions { LabelColumns = ["rude", "loud", "late"] }, path)[^1..]);
    }

    [Fact]
    public void LabelColumns_NoBoolean_ThrowsWithThePlace()
    {
        var path = _folder.Write("a.csv", "Text,rude,loud\na,1,0\nb,0,2\n");

        var error = Assert.Throws<CsvDataException>(() => Labels(new CsvOptions { LabelColumns = ["rude", "loud"] }, path));

        Assert.StartsWith($"{path}, row 3, column 'loud': got ", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected true or false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelColumns_MissingTwiceOrTheText_NamesTheSetting()
    {
        var path = _folder.Write("a.csv", "Text,rude,loud\na,1,0\n");

        Assert.Contains("there is no column 'late'", Assert.Throws<CsvDataException>(() => Labels(new CsvOptions { LabelColumns = ["rude", "late"] }, path)).Message, StringComparison.Ordinal);
        Assert.Contains("the column is given twice. Correct CsvOptions.LabelColumns", Assert.Throws<CsvDataException>(() => Labels(new CsvOptions { LabelColumns = ["rude", "rude"] }, path)).Message, StringComparison.Ordinal);
        Assert.Contains("CsvOptions.LabelColumns", Assert.Throws<CsvDataException>(() => Labels(new CsvOptions { LabelColumns = ["Text", "rude"] }, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_BothOrAnotherKind_AreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new CsvOptions { LabelSeparator = "|", LabelColumns = ["rude"], LabelKind = CsvLabelKind.Number }.Validate()).Message;
        Assert.Contains("LabelSeparator = |: separates the labels of LabelColumn", error, StringComparison.Ordinal);
        Assert.Contains("LabelKind = Number: goes with one label for each row", error, StringComparison.Ordinal);
        Assert.Contains("LabelSeparator = \"\"", Assert.Throws<ArgumentException>(() => new CsvOptions { LabelSeparator = "" }.Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelSeparator_ThroughMapValueToKey_GivesVectorsOfKeys()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,rude|loud\nb,\nc,loud\n");
        var data = _ml.Attention().LoadCsv(new CsvOptions { LabelSeparator = "|" }, path);

        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

        Assert.Equal([[1, 2], [], [2]], keys.GetColumn<uint[]>("Label"));
    }

    private string[] Labels(CsvOptions options, string path) => [.. _ml.Attention().LoadCsv(options, path).GetColumn<string[]>("Label").Select(labels => string.Join(';', labels))];
}
