using Microsoft.ML;

namespace MlAttention.Tests.Text;

/// <summary>Tokenizers that go on from an earlier vocabulary.</summary>
public class InitialVocabularyTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    public InitialVocabularyTests() => _ml.Log += (_, logged) => _log.Add(logged.RawMessage);

    [Fact]
    public void Fit_NewWords_ComeAfterTheOldOnesByFrequency()
    {
        var tokenizer = Fit(new() { InitialVocabulary = ["zeta", "b"] }, "b a", "a c", "c a");

        Assert.Equal(["zeta", "b", "a", "c"], tokenizer.Vocabulary);
        Assert.Contains("Vocabulary: 4 tokens, 2 of the initial vocabulary and 2 new.", _log);
    }

    [Fact]
    public void Fit_NothingNew_KeepsTheVocabulary() => Assert.Equal(["a", "b"], Fit(new() { InitialVocabulary = ["a", "b"] }, "b", "").Vocabulary);

    [Fact]
    public void Fit_NoPlaceForAll_TakesTheMostFrequentAndCountsTheOthers()
    {
        var tokenizer = Fit(new() { InitialVocabulary = ["x", "y"], MaxSize = 3 }, "a b b", "c b");

        Assert.Equal(["x", "y", "b"], tokenizer.Vocabulary);
        Assert.Contains("Vocabulary: 2 new tokens of the data have no place beside the initial vocabulary, because MaxSize = 3; they are unknown tokens.", _log);
    }

    [Fact]
    public void ContinueOptions_SpecialTokensAndRules_GoOn()
    {
        var first = Fit(new() { LowerCase = false, UnknownToken = "[UNK]", ClsToken = "[CLS]", MinCount = 2 }, "A A b");

        var next = Fit(first.ContinueOptions(), "c c d B B");

        Assert.Equal(["[UNK]", "[CLS]", "A", "B", "c"], next.Vocabulary);
        Assert.Equal(next.Vocabulary, Fit(next.ContinueOptions(), "").Vocabulary);
    }

    /// <summary>Known words keep their cuts, so that their vectors keep their meaning.</summary>
    [Fact]
    public void Fit_BytePairs_AddCharactersAndNoMerges()
    {
        var first = Fit(new() { Tokenizer = TokenizerKind.BytePair }, "low lower lowest low low");

        var next = Fit(first.ContinueOptions(), "zigzag zigzag zigzag lowers");

        Assert.Equal(first.Vocabulary, next.Vocabulary.Take(first.Vocabulary.Count));
        Assert.Equal(["a", "g", "i", "z"], next.Vocabulary.Skip(first.Vocabulary.Count).Order());
        Assert.Equal(first.Spell(["low lowest"]), next.Spell(["low lowest"]));
    }

    [Fact]
    public void Validate_WhatCannotBe_NamesIt()
    {
        Refused(new() { InitialVocabulary = ["a", "b", "c"], MaxSize = 2 }, "MaxSize = 2: must be at least the 3 tokens of InitialVocabulary.");
        Refused(new() { InitialVocabulary = ["a"], VocabularyPath = "words.txt" }, "VocabularyPath = words.txt: cannot be combined with InitialVocabulary");
        Refused(new() { Tokenizer = TokenizerKind.Pretrained, Pretrained = Pipeline.TinyEncoder.Tokenizer(), InitialVocabulary = ["a"] }, "InitialVocabulary = 1 tokens: does not apply to a pretrained tokenizer");
        Assert.Contains("is there already with key 1", Assert.Throws<ArgumentException>(() => Fit(new() { InitialVocabulary = ["a", "a"] }, "b")).Message, StringComparison.Ordinal);
    }

    private static void Refused(TokenizeSequenceOptions options, string expected) => Assert.Contains(expected, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);

    private SequenceTokenizingTransformer Fit(TokenizeSequenceOptions options, params string[] texts) =>
        _ml.Attention().TokenizeSequence(options).Fit(_ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text })));

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
