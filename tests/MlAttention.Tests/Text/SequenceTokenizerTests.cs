using MlAttention.Core.Text;

namespace MlAttention.Tests.Text;

public class SequenceTokenizerTests
{
    [Theory]
    [InlineData("I don't know!", "i|don't|know|!")]
    [InlineData("L’eau d’été", "l'eau|d'été")]
    [InlineData("'quoted' rock'n'roll", "'|quoted|'|rock'n'roll")]
    [InlineData("( - ( -7 -10 ) )", "(|-|(|-7|-10|)|)")]
    [InlineData("a-1 (-3) x -y", "a|-|1|(|-3|)|x|-|y")]
    [InlineData("3.14 and 1,000. End", "3.14|and|1,000|.|end")]
    [InlineData("snake_case e-mail", "snake_case|e|-|mail")]
    [InlineData("東京タワー ok", "東|京|タ|ワ|ー|ok")]
    [InlineData("한국어 문장", "한국어|문장")]
    [InlineData("wow 👍🏽👨‍👩‍👧!", "wow|👍🏽|👨‍👩‍👧|!")]
    [InlineData("cafe\u0301 CAFÉ", "café|café")]
    [InlineData("co\u00ADop \u200B x", "co\u00ADop|x")]
    [InlineData("a\t\r\n  b", "a|b")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public void Word_Text_SplitsAsDocumented(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Tokens(new TokenizeSequenceOptions(), text)));

    [Fact]
    public void Word_WithoutPunctuation_KeepsWordsOnly() =>
        Assert.Equal(["well", "it's", "5"], Tokens(new TokenizeSequenceOptions { KeepPunctuation = false }, "Well, it's #5..."));

    [Fact]
    public void LowerCase_Off_KeepsCase() =>
        Assert.Equal(["Polish", "polish"], Tokens(new TokenizeSequenceOptions { LowerCase = false }, "Polish polish"));

    [Fact]
    public void UnicodeForm_Each_MakesSpellingsEqualAsItSays()
    {
        static string[] Distinct(UnicodeForm form) => [.. Tokens(new TokenizeSequenceOptions { UnicodeForm = form }, "e\u0301 \u00E9 \uFF41 a").Distinct()];

        Assert.Equal(4, Distinct(UnicodeForm.AsIs).Length);
        Assert.Equal(3, Distinct(UnicodeForm.Composed).Length);
        Assert.Equal(2, Distinct(UnicodeForm.Compatible).Length);
    }

    [Fact]
    public void Tokenize_LoneSurrogate_DoesNotThrow() => Assert.Equal(["a", "\uFFFD", "b"], Tokens(new TokenizeSequenceOptions(), "a \uD83D b"));

    [Fact]
    public void Character_Text_SplitsIntoScalarValuesAndSingleSpaces() =>
        Assert.Equal(["a", " ", "👍", "b"], Tokens(new TokenizeSequenceOptions { Tokenizer = TokenizerKind.Character }, "  A \n 👍b "));

    [Fact]
    public void Learn_MaxSizeAndMinCount_KeepTheMostFrequentInOrder()
    {
        var options = new TokenizeSequenceOptions { MaxSize = 3, MinCount = 2 };

        Assert.Equal(["c", "a", "b"], Learn(options, "b a c c", "c a b d", "d z").Tokens);
        Assert.Equal(["c", "a", "b", "d"], Learn(options with { MaxSize = 9 }, "b a c c", "c a b d", "d z").Tokens);
    }

    [Fact]
    public void Tokenize_TokenWithoutKey_IsZeroOrTheUnknownToken()
    {
        var options = new TokenizeSequenceOptions();
        Assert.Equal([1u, 0u, 2u], new SequenceTokenizer(options, Learn(options, "a a b")).Tokenize("a zzz b").ToArray());

        var unknown = options with { UnknownToken = "[UNK]" };
        Assert.Equal([2u, 1u, 3u], new SequenceTokenizer(unknown, Learn(unknown, "a a b")).Tokenize("a zzz b").ToArray());
    }

    [Theory]
    [InlineData(TruncationSide.KeepStart, "[CLS]|a|b")]
    [InlineData(TruncationSide.KeepEnd, "[CLS]|c|d")]
    public void Tokenize_LongerThanMaxLength_KeepsClsAndTheChosenSide(TruncationSide side, string expected)
    {
        var options = new TokenizeSequenceOptions { ClsToken = "[CLS]", MaxLength = 3, Truncation = side };
        var vocabulary = Learn(options, "a b c d");
        var tokenizer = new SequenceTokenizer(options, vocabulary);

        var keys = tokenizer.Tokenize("a b c d").ToArray();

        Assert.Equal(expected, string.Join('|', keys.Select(key => vocabulary.Tokens[(int)key - 1])));
        Assert.Equal((1, 2), (tokenizer.TruncatedRows, tokenizer.TruncatedTokens));
        Assert.Equal(3, tokenizer.Tokenize("a b").Length);
        Assert.Equal(1, tokenizer.TruncatedRows);
    }

    [Fact]
    public void Learn_NoToken_SaysSo() =>
        Assert.Contains("'Text' has no token", Assert.Throws<InvalidOperationException>(() => Learn(new TokenizeSequenceOptions(), "", "  ")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_VocabularyFile_KeepsItsOrderAndRefusesDoubles()
    {
        var path = Path.GetTempFileName();
        var options = new TokenizeSequenceOptions { UnknownToken = "[UNK]" };
        try
        {
            File.WriteAllText(path, "b\na\n");
            Assert.Equal(["[UNK]", "b", "a"], VocabularyLearner.Read(path, options).Tokens);
            File.WriteAllText(path, "b\na\nb\n");
            Assert.Contains("'b', is there already with key 2", Assert.Throws<InvalidDataException>(() => VocabularyLearner.Read(path, options)).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, [0x61, 0xFF, 0x0A]);
            Assert.Contains("not UTF-8", Assert.Throws<InvalidDataException>(() => VocabularyLearner.Read(path, options)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Validate_SeveralErrors_NamesAll()
    {
        var options = new TokenizeSequenceOptions { OutputColumnName = "", MaxSize = 1, UnknownToken = "x", ClsToken = "x", MinCount = 0, MaxLength = -1 };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        foreach (var name in new[] { "OutputColumnName", "MaxSize", "ClsToken", "MinCount", "MaxLength" }) Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    internal static Vocabulary Learn(TokenizeSequenceOptions options, params string[] texts)
    {
        var learner = new VocabularyLearner(options);
        foreach (var text in texts) learner.Add(text);
        return learner.Learn();
    }

    private static string[] Tokens(TokenizeSequenceOptions options, string text)
    {
        var vocabulary = Learn(options, text + " \u0001 filler");
        return [.. new SequenceTokenizer(options, vocabulary).Tokenize(text).ToArray().Select(key => vocabulary.Tokens[(int)key - 1])];
    }
}
