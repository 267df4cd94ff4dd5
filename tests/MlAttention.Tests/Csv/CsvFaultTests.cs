using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Csv;

/// <summary>What is wrong with files that people have: the place, the cause, and what is left out.</summary>
public sealed class CsvFaultTests : IDisposable
{
    private readonly CsvFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public CsvFaultTests() => _ml.Log += (_, message) =>
    {
        if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) _warnings.Add(message.RawMessage);
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Text,Label\n\"a\",\"x\"\n\n\"b\",\"y\n\"c\",\"z\"\n\"d\",\"x\"\n", 4L, "'Label'", "it opens on line 4, and the field goes on to line 5", 2)]
    [InlineData("Text,Label\r\n\"a\nb\",x\r\n\"c,y\r\n\"d\",z\r\n\"e\",x\r\n", 3L, "'Text'", "it opens on line 4, and the field goes on to line 5", 2)]
    [InlineData("Text,Label\ra,x\r\"b,\"y\"\rc,z\r", 3L, "'Text'", "text follows the closing quote in '\"b,\"y\"'", 1)]
    [InlineData("Text,Label\na,x\n\"my \"parcel, box,\" late\",y\nc,z\n", 3L, "'Text'", "text follows the closing quote", 1)]
    [InlineData("Text,Label\na,x\nb,y\nlast,\"open", 4L, "'Label'", "a quote that is not closed: it opens on line 4", 1)]
    public void Read_WrongQuotes_NamesTheLineAndIsSkippedWithItsLines(string content, long row, string column, string cause, int lost)
    {
        var path = _folder.Write("a.csv", content);

        var error = Assert.Throws<CsvDataException>(() => Labels(new(), path));
        var left = Labels(new() { BadRows = BadRowPolicy.Skip }, path);

        Assert.Equal((row, column), (error.Row, error.Column));
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("delimiter", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(left, label => label.Contains('\n', StringComparison.Ordinal));
        Assert.StartsWith($"{lost} of {left.Length + lost} rows were bad and left out", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_QuoteOpenToTheEnd_NamesItsLineAndIsNotSkipped()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,x\nb,\"open\nc,y\nd,z\n");

        var error = Assert.Throws<CsvDataException>(() => Labels(new() { BadRows = BadRowPolicy.Skip }, path));

        Assert.Contains("it opens on line 3, and the field goes on to line 5, the end of the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FilesJoinedWithCat_LeavesOutHeaderAndMarksAndSaysSoOnce()
    {
        var path = _folder.Write("a.csv", "\uFEFFText,Label\na,x\n\uFEFF\"Text\",Label\n\uFEFF\"b, c\",y\n");

        Assert.Equal(["x", "y"], Labels(new(), path));
        Assert.Equal(["x", "y"], Labels(new(), path));

        Assert.Equal(
            [$"1 row repeats the header, as in files joined with cat; left out; the first: {path}, row 3.", $"2 lines begin with a byte order mark (U+FEFF), as in files joined with cat; the marks are left out; the first: {path}, line 3."],
            _warnings[..2]);
    }

    [Fact]
    public void Read_MarksOnEveryLineOfALongFile_AreAllCountedAndOthersStay()
    {
        var rows = string.Concat(Enumerable.Range(0, 4000).Select(row => $"\uFEFFx,text\uFEFF {row}\r\n"));
        var path = _folder.Write("a.csv", "Label,Text\r\nx,first\r\n" + rows);

        var data = _ml.Attention().LoadCsv(path);

        Assert.All(data.GetColumn<string>("Label"), label => Assert.Equal("x", label));
        Assert.Equal("text\uFEFF 3999", data.GetColumn<string>("Text").Last());
        Assert.Contains($"4000 lines begin with a byte order mark (U+FEFF), as in files joined with cat; the marks are left out; the first: {path}, line 3.", _warnings);
    }

    [Fact]
    public void Read_TextThatIsCalledAsItsOnlyColumn_IsARow()
    {
        var path = _folder.Write("a.csv", "Text\nText\nother\n");

        Assert.Equal(["Text", "other"], _ml.Attention().LoadCsv(new CsvOptions { LabelColumn = null }, path).GetColumn<string>("Text"));
    }

    [Fact]
    public void Read_Trim_LeavesOutBlanksOfNamesLabelsAndGroupsAndKeepsTexts()
    {
        var path = _folder.Write("a.csv", "Text , Label,Group\n a , x\u00A0, g\n");

        var data = _ml.Attention().LoadCsv(new CsvOptions { Trim = true, KeptColumns = ["Group"] }, path);

        Assert.Equal([" a ", "x", "g"], new[] { "Text", "Label", "Group" }.Select(column => data.GetColumn<string>(column).Single()));
        Assert.Equal([" x "], Labels(new() { TextColumns = [0], LabelColumn = 1 }, _folder.Write("b.csv", "Text,Label\na, x \n")));
    }

    [Theory]
    [InlineData(true, false, "utf-16")]
    [InlineData(false, false, "utf-16")]
    [InlineData(true, true, "utf-16BE")]
    public void Read_Utf16WithoutMark_SaysWhichEncodingToSet(bool hasHeader, bool bigEndian, string name)
    {
        var path = _folder.Write("a.csv", new UnicodeEncoding(bigEndian, byteOrderMark: false).GetBytes("Text,Label\na,x\n"));

        var error = Assert.Throws<CsvDataException>(() => Labels(new() { HasHeader = hasHeader, TextColumns = [0], LabelColumn = 1 }, path));

        Assert.Contains($"NUL characters), as UTF-16 read in another encoding does. Set CsvOptions.Encoding to {name}, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LabelThatIsInTheText_IsRefusedByNameAndByIndex()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,x\n");

        Assert.Contains("the text holds the answer", Assert.Throws<CsvDataException>(() => Labels(new() { TextColumns = ["Text", "Label"] }, path)).Message, StringComparison.Ordinal);
        Assert.Contains("the text holds the answer", Assert.Throws<CsvDataException>(() => Labels(new() { TextColumns = [1] }, path)).Message, StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<CsvDataException>(() => Labels(new() { TextColumns = ["Text", 0] }, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TermsOfAnotherLayer_StandInEveryError()
    {
        var options = new CsvOptions { Terms = new() { NoQuote = "--quote none", Encoding = "--encoding", Windows1252 = "windows-1252", Text = "--text" } };

        Assert.Contains("set --quote none when", Assert.Throws<CsvDataException>(() => Labels(options, _folder.Write("a.csv", "Text,Label\n5\" disk,x\n"))).Message, StringComparison.Ordinal);
        Assert.Contains("Set --encoding to the file's encoding, for example windows-1252", Assert.Throws<CsvDataException>(() => Labels(options, _folder.Write("b.csv", Encoding.Latin1.GetBytes("Text,Label\nç,x\n")))).Message, StringComparison.Ordinal);
        Assert.Contains("Set --text to one of them", Assert.Throws<CsvDataException>(() => Labels(options, _folder.Write("c.csv", "Body,Label\na,x\n"))).Message, StringComparison.Ordinal);
    }

    private string[] Labels(CsvOptions options, string path) => [.. _ml.Attention().LoadCsv(options, path).GetColumn<string>("Label")];
}
