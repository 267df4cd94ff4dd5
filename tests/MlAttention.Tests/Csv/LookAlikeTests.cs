using MlAttention.Csv;

namespace MlAttention.Tests.Csv;

public class LookAlikeTests
{
    [Theory]
    [InlineData("refund ")]
    [InlineData("\u00A0Refund")]
    [InlineData("re\u200Bfund")]
    [InlineData("\uFEFFREFUND")]
    [InlineData("ｒefund")]
    public void Key_LooksAlike_IsTheSame(string text) => Assert.Equal(LookAlike.Key("refund"), LookAlike.Key(text));

    [Fact]
    public void Key_ComposedAndDecomposed_IsTheSame() => Assert.Equal(LookAlike.Key("r\u00E9gion"), LookAlike.Key("re\u0301gion"));

    [Theory]
    [InlineData("7", "7.0")]
    [InlineData("7", "007")]
    [InlineData("a b", "ab")]
    [InlineData("région", "region")]
    public void Key_LooksDifferent_Differs(string one, string other) => Assert.NotEqual(LookAlike.Key(one), LookAlike.Key(other));

    [Theory]
    [InlineData("a b", "a b", "'a b'")]
    [InlineData("a ", "'a '", "'a '")]
    [InlineData("", "''", "''")]
    [InlineData("a\u00A0b\n", "'a\\u00A0b\\u000A'", "'a\\u00A0b\\u000A'")]
    public void Shown_HiddenCharacters_AreQuotedWithTheirCodes(string text, string shown, string quoted) =>
        Assert.Equal((shown, quoted), (LookAlike.Shown(text), LookAlike.Quoted(text)));
}
