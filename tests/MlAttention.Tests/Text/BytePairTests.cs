using MlAttention.Core.Text;

namespace MlAttention.Tests.Text;

public class BytePairTests
{
    private static readonly TokenizeSequenceOptions Options = new() { Tokenizer = TokenizerKind.BytePair };

    /// <summary>Words of Sennrich et al. 2016, figure 1, with a mark at the start instead of one at the end.</summary>
    private static readonly string[] Texts =
    [
        .. Enumerable.Repeat("low", 5), .. Enumerable.Repeat("lower", 2), .. Enumerable.Repeat("newest", 6), .. Enumerable.Repeat("widest", 3),
    ];

    [Fact]
    public void Learn_WordsOfThePaper_MergesTheMostFrequentPairFirst()
    {
        var vocabulary = SequenceTokenizerTests.Learn(Options, Texts).Tokens;

        // Characters by count: e 17, ▁ 16, w 16, s 9, t 9, l 7, o 7, n 6, d 3, i 3, r 2. Pairs: es 9, st 9 (es first by ordinal order), then est 9.
        Assert.Equal(["e", "w", "▁", "s", "t", "l", "o", "n", "d", "i", "r"], vocabulary.Take(11));
        Assert.Equal(["es", "est", "lo", "low", "▁low"], vocabulary.Skip(11).Take(5));
    }

    [Fact]
    public void Encode_UnseenWord_IsCutIntoLearnedParts()
    {
        var vocabulary = SequenceTokenizerTests.Learn(Options, Texts);

        Assert.Equal(["▁low", "est"], Encode(vocabulary, "lowest"));
        Assert.Equal(["▁low", "▁newest"], Encode(vocabulary, "low newest"));
    }

    [Fact]
    public void Encode_UnknownCharacter_HasKeyZero()
    {
        var vocabulary = SequenceTokenizerTests.Learn(Options, Texts);

        Assert.Contains(0u, new SequenceTokenizer(Options, vocabulary).Tokenize("low€").ToArray());
    }

    [Fact]
    public void Learn_MaxSize_StopsThere() =>
        Assert.Equal(13, SequenceTokenizerTests.Learn(Options with { MaxSize = 13 }, Texts).Size);

    [Fact]
    public void Encode_WordLongerThanTheLimit_KeepsEveryCharacter()
    {
        var vocabulary = SequenceTokenizerTests.Learn(Options, Texts);
        var word = string.Concat(Enumerable.Repeat("low", 1001)) + "est";

        Assert.Equal("▁" + word, string.Concat(Encode(vocabulary, word)));
    }

    [Fact]
    public void Encode_WordSeenBefore_GivesTheSameKeys()
    {
        var vocabulary = SequenceTokenizerTests.Learn(Options, Texts);
        var tokenizer = new SequenceTokenizer(Options, vocabulary);

        var first = tokenizer.Tokenize("lowest widest").ToArray();

        Assert.Equal(first, tokenizer.Tokenize("lowest widest").ToArray());
    }

    private static string[] Encode(Vocabulary vocabulary, string text) =>
        [.. new SequenceTokenizer(Options, vocabulary).Tokenize(text).ToArray().Select(key => vocabulary.Tokens[(int)key - 1])];
}
