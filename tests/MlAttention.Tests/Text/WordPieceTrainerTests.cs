namespace MlAttention.Tests.Text;

public sealed class WordPieceTrainerTests
{
    /// <summary>Words of Sennrich et al. 2016, figure 1.</summary>
    private static readonly string[] s_texts =
        [.. Enumerable.Repeat("low", 5), .. Enumerable.Repeat("lower", 2), .. Enumerable.Repeat("newest", 6), .. Enumerable.Repeat("widest", 3)];

    [Fact]
    public void Learn_WordsOfThePaper_GivesSpecialTokensCharactersAndMerges()
    {
        var tokens = PretrainedTokenizer.Learn(s_texts).Tokens;

        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], tokens.Take(5));
        // ##e 17, ##w 13, ##s and ##t 9, l and ##o 7, n 6, ##d, ##i and w 3, ##r 2. Pairs: e s and s t 9, then es t; ##o ##w and l ##o 7.
        Assert.Equal(["##e", "##w", "##s", "##t", "##o", "l", "n", "##d", "##i", "w", "##r"], tokens.Skip(5).Take(11));
        Assert.Equal(["##es", "##est", "##ow", "low"], tokens.Skip(16).Take(4));
    }

    [Fact]
    public void Learn_UnseenWord_IsCutIntoLearnedPieces()
    {
        var tokenizer = PretrainedTokenizer.Learn(s_texts);

        Assert.Equal("[CLS] low ##est [SEP]", Encode(tokenizer, "Lowest"));
        Assert.Equal("[CLS] [UNK] newest [SEP]", Encode(tokenizer, "x newest"));
        Assert.Equal((0, 1, 2, 3, 4), (tokenizer.PaddingId, tokenizer.UnknownId, tokenizer.ClsId, tokenizer.SepId, tokenizer.MaskId));
        Assert.Equal([2, 4, 3], tokenizer.Encode("[MASK]"));
    }

    [Fact]
    public void Learn_LowerCase_DecidesWhatIsAWord()
    {
        string[] texts = ["L\u00e9on, L\u00e9on!", "leon"];

        Assert.Equal("[CLS] leon , [SEP]", Encode(PretrainedTokenizer.Learn(texts), "L\u00c9ON,"));
        Assert.Equal("[CLS] L\u00e9on , [UNK] [SEP]", Encode(PretrainedTokenizer.Learn(texts, lowerCase: false), "L\u00e9on, L\u00c9ON"));
    }

    [Fact]
    public void Learn_Files_GiveTheSameIdsAgain()
    {
        var learned = PretrainedTokenizer.Learn([.. s_texts, "\u4e2d\u6587 can't stop"], lowerCase: false);
        var read = PretrainedTokenizer.FromFiles(learned.Files);

        Assert.Equal(["tokenizer_config.json", "vocab.txt"], learned.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(learned.Tokens, read.Tokens);
        foreach (string text in (string[])["low lowest", "\u4e2d Can't", ""]) Assert.Equal(learned.Encode(text), read.Encode(text));
    }

    [Fact]
    public void Learn_MaxSize_StopsThere()
    {
        Assert.Equal(18, PretrainedTokenizer.Learn(s_texts, maxSize: 18).VocabularySize);
        Assert.Contains("no place", Assert.Throws<ArgumentException>(() => PretrainedTokenizer.Learn(s_texts, maxSize: 5)).Message, StringComparison.Ordinal);
        Assert.Contains("no word", Assert.Throws<ArgumentException>(() => PretrainedTokenizer.Learn(["", "  "])).Message, StringComparison.Ordinal);
    }

    private static string Encode(PretrainedTokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text).Select(id => tokenizer.Tokens[id]));
}
