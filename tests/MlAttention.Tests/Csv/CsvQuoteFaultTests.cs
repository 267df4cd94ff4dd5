using MlAttention.Csv;

namespace MlAttention.Tests.Csv;

public class CsvQuoteFaultTests
{
    [Theory]
    [InlineData("a,b\n")]
    [InlineData("\"a,\n\"\"b\"\"\",\"\",c\r\n")]
    [InlineData("\"\"\"\",x")]
    [InlineData("")]
    public void In_RightQuotes_IsNull(string record) => Assert.Null(CsvQuoteFault.In(record, ",", '"'));

    [Theory]
    [InlineData("a,5\" disk\n", "InPlainField", 1, 2, 3)]
    [InlineData("\"my \"box, late\",x\n", "TextAfterClosing", 0, 0, 5)]
    [InlineData("a,\"b\" ,c\n", "TextAfterClosing", 1, 2, 5)]
    [InlineData("a,\"b\n\"c\",d\n", "NotClosed", 1, 2, 6)]
    [InlineData("a,\"b\nc,d\n", "NotClosed", 1, 2, 9)]
    [InlineData("a,\"b\"\"", "NotClosed", 1, 2, 6)]
    public void In_WrongQuotes_NamesKindFieldAndPlace(string record, string kind, int field, int start, int end) =>
        Assert.Equal(new CsvQuoteFault(Enum.Parse<CsvQuoteFaultKind>(kind), field, start, end), CsvQuoteFault.In(record, ",", '"'));

    [Fact]
    public void In_DelimiterOfTwoCharactersAndOtherQuote_CountsFields() =>
        Assert.Equal(new CsvQuoteFault(CsvQuoteFaultKind.InPlainField, 2, 10, 11), CsvQuoteFault.In("'a;;b';;;;c'\n", ";;", '\''));
}
