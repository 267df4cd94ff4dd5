using MlAttention.Core.Text;
using MlAttention.Core.Text.Subwords;

namespace MlAttention.Tests.Text;

/// <summary>Tokens as people read them: those without a key as they stand in the text.</summary>
public class SpelledTokenTests
{
    private static readonly string[] s_texts = ["The cat chased a zzqx, not 漢字!", "", "☃☃ cat ☃dog☃", "[UNK] cat", "a cat and a dog and a cat and a snowman ☃"];

    public static TheoryData<TokenizerKind> Learned => [TokenizerKind.Word, TokenizerKind.Character, TokenizerKind.BytePair];

    [Theory, MemberData(nameof(Learned))]
    public void Spell_LearnedTokenizer_GivesTheTokenOfEachKey(TokenizerKind kind)
    {
        var options = new TokenizeSequenceOptions { Tokenizer = kind, MaxSize = 60, ClsToken = "[CLS]", MaxLength = 9, Truncation = TruncationSide.KeepEnd };
        CheckAgainstKeys(options, SequenceTokenizerTests.Learn(options, "the cat chased a dog", "a dog chased the cat"));
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("xlm_roberta")]
    public void Spell_PretrainedTokenizer_GivesTheTokenOfEachKey(string family)
    {
        var tokenizer = ExpectedIds.Load(family);
        CheckAgainstKeys(new TokenizeSequenceOptions { Tokenizer = TokenizerKind.Pretrained, Pretrained = tokenizer, MaxLength = 9 }, new Vocabulary(tokenizer.Tokens));
    }

    [Fact]
    public void Spell_UnknownWords_AreThoseOfTheText()
    {
        var words = new TokenizeSequenceOptions();
        Assert.Equal("the zzqx? cat", Spelled(words, SequenceTokenizerTests.Learn(words, "the cat"), "The Zzqx cat"));
        var named = words with { UnknownToken = "[UNK]" };
        Assert.Equal("the zzqx? cat", Spelled(named, SequenceTokenizerTests.Learn(named, "the cat"), "The Zzqx cat"));
        var pairs = words with { Tokenizer = TokenizerKind.BytePair };
        Assert.Equal("▁low €? ß? est", Spelled(pairs, SequenceTokenizerTests.Learn(pairs, "low low low lowest newest"), "low€ßest"));
        var (bert, xlm) = (ExpectedIds.Load("bert"), ExpectedIds.Load("xlm_roberta"));
        Assert.Equal("[CLS] the ☃☃? cat [SEP]", Spelled(Pretrained(bert), new Vocabulary(bert.Tokens), "The ☃☃ cat"));
        Assert.Contains(" ☃☃? ", Spelled(Pretrained(xlm), new Vocabulary(xlm.Tokens), "the ☃☃ cat"), StringComparison.Ordinal);
    }

    [Fact]
    public void Append_UnknownPartInsideAWord_EndsWhereTheNextPartBegins()
    {
        var tokens = new List<SpelledToken>();

        SpelledToken.Append("a☃☃bc", ["a", null, "b", null], tokens);

        Assert.Equal([new("a", false), new("☃☃", true), new("b", false), new("c", true)], tokens);
    }

    private static void CheckAgainstKeys(TokenizeSequenceOptions options, Vocabulary vocabulary)
    {
        var tokenizer = new SequenceTokenizer(options, vocabulary);
        string? unknown = options.Pretrained is { UnknownId: { } id } pretrained ? pretrained.Tokens[id] : null;
        foreach (string text in s_texts)
        {
            var expected = tokenizer.Tokenize(text).ToArray().Select(key => key == 0 || vocabulary.Tokens[(int)key - 1] == unknown ? null : vocabulary.Tokens[(int)key - 1]);
            var spelled = tokenizer.Spell(text);

            Assert.Equal(expected, spelled.Select(token => token.IsUnknown ? null : token.Text));
            Assert.DoesNotContain(spelled, token => token.Text.Length == 0);
        }
    }

    private static TokenizeSequenceOptions Pretrained(PretrainedTokenizer tokenizer) => new() { Tokenizer = TokenizerKind.Pretrained, Pretrained = tokenizer };

    private static string Spelled(TokenizeSequenceOptions options, Vocabulary vocabulary, string text) =>
        string.Join(' ', new SequenceTokenizer(options, vocabulary).Spell(text).Select(token => token.Text + (token.IsUnknown ? "?" : "")));
}
