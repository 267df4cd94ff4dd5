using Microsoft.ML;
using MlAttention.Cli.Remarks;
using MlAttention.Cli.Terminal;
using MlAttention.Tests.Csv;

namespace MlAttention.Tests.Cli;

public sealed class DataRemarksTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_PlainFiles_CountsAndWarnsOfNothing()
    {
        var summary = Read(new CsvOptions(), ("a.csv", "Text,Label\none two,x\n\"three\n four  five\",y\n"), ("b.csv", "Text,Label\nsix,\nseven,y\neight,x\nnine,y\n"));

        Assert.Equal((6L, 1L, 9L, 3), (summary.Rows, summary.UnlabelledRows, summary.Words, summary.LongestText));
        Assert.Equal([_folder["a.csv"], _folder["b.csv"]], summary.Files);
        Assert.Equal($"{_folder["a.csv"]}, row 3", summary.LongestTextPlace);
        Assert.Equal([("y", 3L), ("x", 2L)], summary.RowsByClass.Select(found => (found.Key, found.Value)));
        Assert.Empty(summary.Warnings);
        Assert.Equal([$"2 files: 6 rows, 1 of them without a label, 9 words; the longest text has 3 words ({_folder["a.csv"]}, row 3)", "2 classes: y 3, x 2"], summary.Describe());
    }

    [Fact]
    public void Read_DataFromNoFile_CountsRowsFromOne()
    {
        var rows = new[] { new { Text = "a", Label = "x" }, new { Text = "b b", Label = "y" } };

        var summary = DataRemarks.Read(new MLContext().Data.LoadFromEnumerable(rows));

        Assert.Equal("row 2", summary.LongestTextPlace);
        Assert.Empty(summary.Files);
    }

    [Theory]
    [InlineData("a,refund\nb,refund \nc,Refund\nd,y\n", 3, "3 labels look alike but are different classes: 'Refund' (1 row, the first: {0}, row 4), 'refund' (1 row, the first: {0}, row 2), 'refund ' (1 row, the first: {0}, row 3). --trim leaves out the blanks around labels. Write them alike")]
    [InlineData("a,caf\u00E9\nb,cafe\u0301\nc,y\n", 2, "2 labels look alike")]
    [InlineData("a\u0093 \u0080,x\nb,y\nc\u0093,y\n", 2, "2 texts hold characters that do not show (U+0080, U+0093); the first: {0}, row 2. If they stand for quotes or the euro sign, and the file is not UTF-8, it is windows-1252: give --encoding windows-1252.")]
    [InlineData("a\uFEFFb,x\nb,y\n", 1, "1 text holds characters that do not show (U+FEFF)")]
    [InlineData("a,x\nb,\"x\ny\"\n", 1, "1 label holds line breaks, characters that do not show, or nothing but blanks: 'x\\u000Ay' ({0}, row 3)")]
    [InlineData("a,x\nb, \n", 1, "nothing but blanks: ' '")]
    [InlineData("a,x\nb,y\na,x\na,x\n", 2, "2 rows repeat an earlier one, text and label; the first: {0}, row 4 repeats {0}, row 2.")]
    [InlineData("a,x\nb,y\na,y\na,x\n", 1, "1 text stands with different labels (3 rows); the first: {0}, row 2 and {0}, row 4.")]
    [InlineData("a,x\nb,x\nc,y\n", 1, "1 class has one row only: 'y'.")]
    [InlineData("a 1,x\na 2,x\na 3,x\na 4,x\na 5,x\na 6,x\na 7,x\na 8,x\na 9,x\na 10,x\na 11,x\nb,y\n", 2, "the largest class, 'x' with 11 rows, is 11 times the smallest, 'y' with 1")]
    [InlineData("a 1,0\na 2,1\na 3,2\na 4,3\na 5,4\na 6,0\na 7,1\na 8,2\na 9,3\na 10,4\n", 5, "5 different labels stand in 10 rows: the column may hold an id")]
    [InlineData("a 1,x\n,y\n  ,x\n", 2, "2 texts are empty.")]
    [InlineData("a,x\na,y\n", 2, "every row has the same text. Is --text the right column?")]
    [InlineData("0,x\n1,y\n2,x\n3,y\n4,x\n5,y\n6,x\n7,y\n8,x\n9,y\n", 10, "every text is one word that no other row has, as ids are. Is --text the right column?")]
    public void Read_OddData_WarnsWithCountAndPlace(string rows, long count, string expected)
    {
        var summary = Read(new CsvOptions(), ("a.csv", "Text,Label\n" + rows));

        var warning = Assert.Single(summary.Warnings, warning => warning.Text.Contains(expected.Replace("{0}", _folder["a.csv"], StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(count, warning.Count);
    }

    [Fact]
    public void Read_Groups_NumbersThemAndTheClassesByRow()
    {
        var summary = Read(new CsvOptions { KeptColumns = ["Group"] }, ("a.csv", "Text,Label,Group\na,x,g\nb,y,\nc,,g\nd,x,h\n"));

        Assert.Equal(("Group", 3), (summary.Groups!.Column, summary.Groups.Count));
        Assert.Equal([0, 1, 0, 2], summary.Groups.OfRows);
        Assert.Equal([0, 1, -1, 0], summary.Groups.ClassOfRows);
    }

    [Fact]
    public void Compare_TextsAndLabels_CountsWhatIsSharedAndWhatIsUnknown()
    {
        var training = Read(new CsvOptions(), ("a.csv", "Text,Label\na,x\nb,y\n"));
        var test = Read(new CsvOptions(), ("b.csv", "Text,Label\nc,x\na,x\na,X\nd,z\n"));

        var warnings = DataSummary.Compare(training, test);

        Assert.Equal([2L, 2L], warnings.Select(warning => warning.Count));
        Assert.StartsWith($"2 of 4 test rows have texts that stand in the training data too; the first: {_folder["b.csv"]}, row 3 is {_folder["a.csv"]}, row 2.", warnings[0].Text, StringComparison.Ordinal);
        Assert.Equal("2 test rows have labels that the training data does not have: 'X' (1 row; the training data has 'x'), 'z' (1 row).", warnings[1].Text);
    }

    [Theory]
    [InlineData("a,x\nb,x\n", "only the label 'x'")]
    [InlineData("a,\nb,\n", "has no label")]
    [InlineData("a,1\nb,2\nc,3\n", "Every row has a label of its own (3 labels, such as '1', '2', '3'), so that nothing can be learned. The column seems to hold an id")]
    public void RequireClasses_NothingToTellApart_SaysWhy(string rows, string expected)
    {
        var summary = Read(new CsvOptions(), ("a.csv", "Text,Label\n" + rows));

        Assert.Contains(expected, Assert.Throws<InputException>(summary.RequireClasses).Message, StringComparison.Ordinal);
    }

    private DataSummary Read(CsvOptions options, params (string Name, string Content)[] files) =>
        DataRemarks.Read(new MLContext(seed: 1).Attention().LoadCsv(options, [.. files.Select(file => _folder.Write(file.Name, file.Content))]), options.KeptColumns.Count > 0 ? "Group" : null);
}
