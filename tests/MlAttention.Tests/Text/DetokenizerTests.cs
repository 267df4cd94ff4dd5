using System.Text;
using MlAttention.Core.Text;

namespace MlAttention.Tests.Text;

/// <summary>From a text to tokens and back: what comes back, and what cannot.</summary>
public class DetokenizerTests
{
    /// <summary>White space comes back as one space each; nothing else is lost.</summary>
    [Theory]
    [InlineData("The cook's dog, (old) and tired, barked: \"no!\"", "The cook's dog, (old) and tired, barked: \"no!\"")]
    [InlineData("  two   spaces \t and a tab ", "two spaces and a tab")]
    [InlineData("日本語 text — ünïcode 🙂", "日本語 text — ünïcode 🙂")]
    public void Append_CharactersAndBytePairs_GiveTheTextBack(string text, string expected)
    {
        foreach (var kind in new[] { TokenizerKind.Character, TokenizerKind.BytePair }) Assert.Equal(expected, Restore(text, kind));
    }

    [Theory]
    [InlineData("The cook (a tall one) isn't here, is she? No!", "The cook (a tall one) isn't here, is she? No!")]
    [InlineData("3.14 or -7: 50%.", "3.14 or -7: 50%.")]
    [InlineData("日本語 is three", "日本語 is three")]
    [InlineData("a-b", "a - b")]                 // words do not know what stood together
    [InlineData("he said \"no\"", "he said \" no \"")]
    public void Append_Words_PutSpacesByTheRule(string text, string expected) => Assert.Equal(expected, Restore(text, TokenizerKind.Word));

    [Fact]
    public void Append_AfterAPrompt_GoesOnWhereItEnds()
    {
        Assert.Equal("the cook", Append("the", TokenizerKind.Word, "cook"));
        Assert.Equal("the cook", Append("the ", TokenizerKind.Word, "cook"));
        Assert.Equal("(cook", Append("(", TokenizerKind.Word, "cook"));
        Assert.Equal("the cook", Append("the ", TokenizerKind.Character, " ", "cook"));
        Assert.Equal("the cook", Append("the ", TokenizerKind.BytePair, "\u2581co", "ok"));
        Assert.Equal("cook", Append("", TokenizerKind.BytePair, "\u2581co", "ok"));
    }

    private static string Append(string prompt, TokenizerKind kind, params string[] tokens)
    {
        var text = new StringBuilder(prompt);
        foreach (string token in tokens) new Detokenizer(kind).Append(text, token);
        return text.ToString();
    }

    private static string Restore(string text, TokenizerKind kind)
    {
        var options = new TokenizeSequenceOptions { Tokenizer = kind, LowerCase = false, UnicodeForm = UnicodeForm.AsIs };
        var learner = new VocabularyLearner(options);
        learner.Add(text);
        var vocabulary = learner.Learn();
        uint[] keys = new SequenceTokenizer(options, vocabulary).Tokenize(text).ToArray();
        return Append("", kind, [.. keys.Select(key => vocabulary.Tokens[(int)key - 1])]);
    }
}
