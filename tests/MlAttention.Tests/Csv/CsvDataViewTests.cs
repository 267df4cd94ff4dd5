using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Csv;

public sealed class CsvDataViewTests : IDisposable
{
    private readonly CsvFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadCsv_QuotedFields_KeepsLineBreaksQuotesAndNonAscii()
    {
        var path = _folder.Write("a.csv", "Text,Label\r\n\"two\nlines, one \"\"quote\"\"\",x\r\nnaïve 東京,y\r\n,z\r\n");

        Assert.Equal([("two\nlines, one \"quote\"", "x"), ("naïve 東京", "y"), ("", "z")], Rows(_ml.Attention().LoadCsv(path)));
    }

    [Fact]
    public void LoadCsv_TextsApart_AreColumnsOfTheirOwn()
    {
        var path = _folder.Write("a.csv", "Question,Answer,Label,Id\nwhat , yes, x ,1\n,no,y,2\n");

        var data = _ml.Attention().LoadCsv(path, ["Question", "Answer"]);

        Assert.Equal(["Label", "Question", "Answer"], data.Schema.Select(column => column.Name));
        Assert.Equal(["what ", ""], data.GetColumn<string>("Question"));
        Assert.Equal([" yes", "no"], data.GetColumn<string>("Answer"));
        var trimmed = _ml.Attention().LoadCsv(new CsvOptions { TextColumns = [0, "Answer"], JoinTexts = false, KeptColumns = ["Id"], Trim = true }, path);
        Assert.Equal(["Label", "Column0", "Answer", "Id"], trimmed.Schema.Select(column => column.Name));
        Assert.Equal([" yes", "no"], trimmed.GetColumn<string>("Answer"));        // texts stay as they are
        Assert.Equal(["x", "y"], trimmed.GetColumn<string>("Label"));
        Assert.Equal(["what   yes", "no"], _ml.Attention().LoadCsv(new CsvOptions { TextColumns = ["Question", "Answer"] }, path).GetColumn<string>("Text"));
    }

    [Fact]
    public void LoadCsv_TextsApart_NeedNamesThatDifferAndColumnsThatThereAre()
    {
        var path = _folder.Write("a.csv", "Question,Answer,Label\na,b,x\n");

        Assert.Contains("names of the data view's columns must differ", Assert.Throws<ArgumentException>(() => _ml.Attention().LoadCsv(new CsvOptions { TextColumns = ["Question", "Label"], JoinTexts = false }, path)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no column 'Reply'", Assert.Throws<CsvDataException>(() => _ml.Attention().LoadCsv(path, ["Question", "Reply"])).Message, StringComparison.Ordinal);
        Assert.Contains("the column is given twice", Assert.Throws<CsvDataException>(() => _ml.Attention().LoadCsv(new CsvOptions { TextColumns = ["Question", 0], JoinTexts = false }, path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void LoadCsv_ByteOrderMark_DecidesTheEncoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var path = _folder.Write("a.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes("Text,Label\nçedilla,x\n")]);

        Assert.Equal([("çedilla", "x")], Rows(_ml.Attention().LoadCsv(path)));
    }

    [Fact]
    public void LoadCsv_EncodingOption_ReadsLatin1()
    {
        var path = _folder.Write("a.csv", Encoding.Latin1.GetBytes("Text,Label\nçedilla,x\n"));

        Assert.Equal([("çedilla", "x")], Rows(_ml.Attention().LoadCsv(new CsvOptions { Encoding = Encoding.Latin1 }, path)));
    }

    [Fact]
    public void LoadCsv_BytesThatAreNotUtf8_ThrowsWithFileRowAndOption()
    {
        var rows = string.Concat(Enumerable.Range(0, 997).Select(row => string.Create(CultureInfo.InvariantCulture, $"plain {row},x\n")));
        var path = _folder.Write("a.csv", Encoding.Latin1.GetBytes("Text,Label\n" + rows + "çedilla,y\nlast,z\n"));

        var error = Assert.Throws<CsvDataException>(() => Rows(_ml.Attention().LoadCsv(path)));

        Assert.Equal((path, 999L, "'Text'"), (error.FilePath, error.Row, error.Column));
        Assert.StartsWith($"{path}, row 999, column 'Text': ", error.Message, StringComparison.Ordinal);
        Assert.Contains("utf-8", error.Message, StringComparison.Ordinal);
        Assert.Contains("CsvOptions.Encoding", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_ColumnsByIndexWithoutHeader_JoinsTextsInTheGivenOrder()
    {
        var path = _folder.Write("a.csv", "x;body one;title one\ny;;title two\n");
        var options = new CsvOptions { HasHeader = false, TextColumns = [2, 1], TextSeparator = " | ", LabelColumn = 0, Delimiter = ";" };

        Assert.Equal([("title one | body one", "x"), ("title two", "y")], Rows(_ml.Attention().LoadCsv(options, path)));
    }

    [Fact]
    public void LoadCsv_KeptColumns_AreTextsUnderTheirNames()
    {
        var path = _folder.Write("a.csv", "Group,Text,Label\n7,a,x\n11,b,y\n");

        var data = _ml.Attention().LoadCsv(new CsvOptions { KeptColumns = ["Group", 1] }, path);

        Assert.Equal(["7", "11"], data.GetColumn<string>("Group"));
        Assert.Equal(["a", "b"], data.GetColumn<string>("Column1"));
        Assert.Contains("must differ", Assert.Throws<ArgumentException>(() => new CsvOptions { KeptColumns = ["Label"] }.Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_FilesAndPatterns_ReadsAllInOrder()
    {
        _folder.Write("b1.csv", "Text,Label\none,x\n");
        _folder.Write("sub/deep/b2.csv", "Label,Text\ny,two\n");
        var last = _folder.Write("c.csv", "Text,Label\nthree,z\n");

        var data = _ml.Attention().LoadCsv(new CsvOptions(), _folder["**/b*.csv"], last);

        Assert.Equal([("one", "x"), ("two", "y"), ("three", "z")], Rows(data));
        Assert.Null(data.GetRowCount());
        Assert.False(data.CanShuffle);
    }

    [Fact]
    public void LoadCsv_NumberAndWeight_UseTheCulture()
    {
        var path = _folder.Write("a.csv", "Text;Label;W\na;1,5;0,25\nb;;3\n");
        var options = new CsvOptions { Delimiter = ";", Culture = CultureInfo.GetCultureInfo("de-DE"), LabelKind = CsvLabelKind.Number, WeightColumn = "W" };

        var data = _ml.Attention().LoadCsv(options, path);

        Assert.Equal([1.5f, float.NaN], data.GetColumn<float>("Label"));
        Assert.Equal([0.25f, 3f], data.GetColumn<float>("Weight"));
    }

    [Fact]
    public void LoadCsv_BooleanLabel_AcceptsItsSpellings()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,TRUE\nb,no\nc, 1 \nd,0\ne,Yes\nf,False\n");

        var data = _ml.Attention().LoadCsv(new CsvOptions { LabelKind = CsvLabelKind.Boolean }, path);

        Assert.Equal([true, false, true, false, true, false], data.GetColumn<bool>("Label"));
    }

    [Theory]
    [InlineData("Text,Label\na,x\nb\n", 3L, null, "the row has 1 field, but the header has 2 fields (columns 'Text', 'Label')")]
    [InlineData("Text,Label\na,x\n\nhello, world,y\n", 4L, null, "the row has 3 fields, but the header has 2 fields")]
    [InlineData("Text,Label\n5\" disk,x\n", 2L, "'Text'", "CsvOptions.Quote = null")]
    [InlineData("Text,Label\na,\"never closed\nb,y\n", 2L, "'Label'", "a quote that is not closed")]
    public void LoadCsv_BadRow_ThrowsWithRowAndReason(string content, long row, string? column, string reason)
    {
        var path = _folder.Write("a.csv", content);

        var error = Assert.Throws<CsvDataException>(() => Rows(_ml.Attention().LoadCsv(path)));

        Assert.Equal((path, row, column), (error.FilePath, error.Row, error.Column));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("\n\n\n", "only blank lines")]
    [InlineData("Text,Label\n", "a header but no rows")]
    [InlineData("text,label\na,x\n", "there is no column 'Text'; the header has the columns 'text', 'label'. Did you mean 'text'?")]
    [InlineData("Text;Label\na;x\n", "The delimiter seems to be ';'")]
    [InlineData("Text,Text,Label\na,b,x\n", "several columns are named 'Text'")]
    [InlineData("Text , Label\na,x\n", "the header has the columns 'Text ', ' Label'. Did you mean 'Text '? Blanks count, unless they are left out with CsvOptions.Trim = true")]
    [InlineData("Te\u200Bxt,Label\na,x\n", "the header has the columns 'Te\\u200Bxt', 'Label'. Did you mean 'Te\\u200Bxt'?")]
    [InlineData("Body,Label\na,x\n", "Set CsvOptions.TextColumns to one of them")]
    [InlineData("Text,Class\na,x\n", "Set CsvOptions.LabelColumn to one of them")]
    public void LoadCsv_FileWithoutWhatIsNeeded_ThrowsAtOnce(string content, string reason)
    {
        var path = _folder.Write("a.csv", content);

        var error = Assert.Throws<CsvDataException>(() => _ml.Attention().LoadCsv(path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_PathThatIsNoFile_ThrowsAtOnce()
    {
        var attention = _ml.Attention();
        var existing = _folder.Write("a.csv", "Text,Label\na,x\n");

        Assert.Contains("does not exist", Assert.Throws<CsvDataException>(() => attention.LoadCsv(_folder["none.csv"])).Message, StringComparison.Ordinal);
        Assert.Contains("no file matches", Assert.Throws<CsvDataException>(() => attention.LoadCsv(_folder["x*.csv"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<CsvDataException>(() => attention.LoadCsv(Path.GetDirectoryName(existing)!)).Message, StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<CsvDataException>(() => attention.LoadCsv(new CsvOptions(), existing, _folder["a*.csv"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_NumberLabelThatIsNone_ThrowsWithValueAndCulture()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,1.5\nb,\"1,5\"\n");

        var error = Assert.Throws<CsvDataException>(() => _ml.Attention().LoadCsv(new CsvOptions { LabelKind = CsvLabelKind.Number }, path).GetColumn<float>("Label").Sum());

        Assert.Equal((3L, "'Label'"), (error.Row, error.Column));
        Assert.Contains("got \"1,5\", expected a number of the invariant culture", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_SkipBadRows_LeavesThemOutInEveryCursorAndLogsOnce()
    {
        var log = new List<string>();
        _ml.Log += (_, message) => log.Add(message.RawMessage);
        var path = _folder.Write("a.csv", "Text,Label\na,1\nb,oops\nc\nd,4\n");
        var data = _ml.Attention().LoadCsv(new CsvOptions { LabelKind = CsvLabelKind.Number, BadRows = BadRowPolicy.Skip }, path);

        Assert.Equal(["a", "d"], data.GetColumn<string>("Text"));
        Assert.Equal([1f, 4f], data.GetColumn<float>("Label"));
        var line = Assert.Single(log, line => line.Contains("left out", StringComparison.Ordinal));
        Assert.Contains("2 of 4 rows were bad", line, StringComparison.Ordinal);
        Assert.Contains("row 3", line, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_SkipBadRows_DoesNotSkipAQuoteThatSwallowsTheRest()
    {
        var path = _folder.Write("a.csv", "Text,Label\na,x\nb,\"open\nc,y\nd,z\n");

        Assert.Throws<CsvDataException>(() => Rows(_ml.Attention().LoadCsv(new CsvOptions { BadRows = BadRowPolicy.Skip }, path)));
    }

    [Fact]
    public void GetRowCursor_BeforeFirstAndAfterLastRow_RefusesValues()
    {
        var data = _ml.Attention().LoadCsv(_folder.Write("a.csv", "Text,Label\na,x\n"));
        using var cursor = data.GetRowCursor([data.Schema["Text"]]);
        var text = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Text"]);
        ReadOnlyMemory<char> value = default;

        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => text(ref value));
        Assert.True(cursor.MoveNext());
        text(ref value);
        Assert.Equal("a", value.ToString());
        Assert.Equal(0, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Label"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Text"]));
    }

    [Fact]
    public void Validate_SeveralErrors_NamesAll()
    {
        var options = new CsvOptions { TextColumns = [], Delimiter = "", HasHeader = false, MaxFieldLength = 0 };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        foreach (var name in new[] { "TextColumns", "Delimiter", "HasHeader", "MaxFieldLength" }) Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadCsv_FieldLongerThanAllowed_NamesTheOption()
    {
        var path = _folder.Write("a.csv", "Text,Label\n" + new string('x', 20_000) + ",y\n");

        var error = Assert.Throws<CsvDataException>(() => Rows(_ml.Attention().LoadCsv(new CsvOptions { MaxFieldLength = 10_000 }, path)));

        Assert.Contains("MaxFieldLength", error.Message, StringComparison.Ordinal);
    }

    private List<(string Text, string Label)> Rows(IDataView data) =>
        [.. _ml.Data.CreateEnumerable<TextRow>(data, reuseRowObject: false).Select(row => (row.Text, row.Label))];
}
