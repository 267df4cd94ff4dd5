using System.Text;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Text;

namespace MlAttention.Tests.Sequences;

public class TokenMaskingTests
{
    private const int Mask = 5;       // [MASK] is id 4, its key 5
    private static readonly string[] s_tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "##x", "##y"];

    /// <summary>20 words of one piece: 3 of them each time, and of all chosen places 8, 1 and 1 of ten.</summary>
    [Fact]
    public void Apply_WordsOfOnePiece_ChoosesTheSharesExactly()
    {
        var texts = Texts(Tokenizer(), [.. Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("a b c d", 5)), 1000)]);

        var masked = Apply(texts, epoch: 0);

        int hidden = 0, changed = 0;
        for (int row = 0; row < texts.Count; row++)
        {
            int[] places = Places(masked, row);
            Assert.Equal(3, places.Length);
            hidden += places.Count(place => masked.Row(row)[place] == Mask);
            changed += places.Count(place => masked.Row(row)[place] != Mask && masked.Row(row)[place] != texts.Row(row)[place]);
        }
        Assert.Equal(8 * 300, hidden);
        Assert.InRange(changed, 190, 300);        // 300 are drawn, of 6 tokens; a sixth of them are the text's own again
    }

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.4)]
    public void Apply_ShareOfWords_IsTheSharesMean(double share)
    {
        var texts = Texts(Tokenizer(), [.. Enumerable.Repeat("a b c d a b c d a", 4000)]);

        var masked = Apply(texts, epoch: 0, share);

        double words = Enumerable.Range(0, texts.Count).Sum(row => Places(masked, row).Length) / 4000.0;
        Assert.Equal(9 * share, words, 0.03);
        Assert.All(Enumerable.Range(0, texts.Count), row => Assert.InRange(Places(masked, row).Length, (int)(9 * share), (int)(9 * share) + 1));
    }

    /// <summary>The label is the text's own token, everywhere else there is none, and what is not chosen stays.</summary>
    [Fact]
    public void Apply_ChosenPlaces_HaveTheTextsTokensAsLabels()
    {
        var texts = Texts(Tokenizer(), [.. Enumerable.Repeat("axy b cx d", 200)]);
        var masked = Apply(texts, epoch: 3);

        for (int row = 0; row < texts.Count; row++)
            for (int place = 0; place < texts.Length(row); place++)
            {
                int label = masked.Targets.Of(row)[place], own = texts.Row(row)[place];
                Assert.True(label == own - 1 || (label == Targets.Ignored && masked.Row(row)[place] == own));
            }
    }

    [Fact]
    public void Apply_WordOfPieces_IsChosenAsAWhole()
    {
        var texts = Texts(Tokenizer(), [.. Enumerable.Repeat("axy b cx d", 300)]);       // [CLS] a ##x ##y b c ##x d [SEP]
        int[][] words = [[1, 2, 3], [4], [5, 6], [7]];
        var masked = Apply(texts, epoch: 0);

        var seen = new HashSet<string>();
        for (int row = 0; row < texts.Count; row++)
        {
            int[] places = Places(masked, row);
            Assert.Contains(words, word => word.SequenceEqual(places));
            seen.Add(string.Join(',', places));
        }
        Assert.Equal(words.Length, seen.Count);
    }

    [Theory]
    [InlineData("roberta", "\u0120")]
    [InlineData("xlm-roberta", "\u2581")]
    public void Apply_OtherVocabularies_TellWordsByTheirOwnMark(string name, string mark)
    {
        var tokenizer = PretrainedTokenizer.FromFiles(ExpectedIds.Files(name));
        var texts = Texts(tokenizer, [.. Enumerable.Repeat("unbelievably incomprehensible antidisestablishmentarianism", 100)]);
        int[] starts = [.. Enumerable.Range(1, texts.Length(0) - 2).Where(place => place == 1 || tokenizer.Tokens[texts.Row(0)[place] - 1].StartsWith(mark, StringComparison.Ordinal))];
        Assert.Equal(3, starts.Length);
        Assert.True(texts.Length(0) > 2 + 4);

        var masked = new TokenMasking(tokenizer, 0.15).Apply(texts, seed: 1, "masks", epoch: 0);

        for (int row = 0; row < texts.Count; row++)
        {
            int[] places = Places(masked, row);
            int word = Array.IndexOf(starts, places[0]);
            int end = word + 1 < starts.Length ? starts[word + 1] : texts.Length(row) - 1;
            Assert.Equal(Enumerable.Range(starts[word], end - starts[word]), places);
            Assert.Contains(masked.Row(row).ToArray(), token => token != 0);
        }
    }

    /// <summary>CLS, SEP, padding, unknown and mask are neither chosen nor drawn; a text of them alone stays as it is.</summary>
    [Fact]
    public void Apply_SpecialTokens_AreNeitherChosenNorDrawn()
    {
        var tokenizer = Tokenizer();
        var texts = Texts(tokenizer, [.. Enumerable.Repeat("a zz [MASK] b", 500), "", "zz"]);
        var masking = new TokenMasking(tokenizer, 0.5);
        var masked = masking.Apply(texts, seed: 1, "masks", epoch: 0);

        for (int row = 0; row < 500; row++)
        {
            Assert.All(Places(masked, row), place => Assert.Contains(place, new[] { 1, 4 }));
            Assert.All(new[] { 1, 4 }, place => Assert.True(masked.Row(row)[place] >= Mask));
        }
        foreach (int row in (int[])[500, 501])
        {
            Assert.Empty(Places(masked, row));
            Assert.Equal(texts.Row(row), masked.Row(row));
            Assert.False(masking.HasPlace(texts.Row(row)));
        }
        Assert.True(masking.HasPlace(texts.Row(0)));
    }

    [Fact]
    public void Apply_SeedPurposeAndEpoch_DecideAlone()
    {
        var tokenizer = Tokenizer();
        var texts = Texts(tokenizer, [.. Enumerable.Repeat("a b c d", 50)]);
        int[] Labels(long seed, string purpose, int epoch) => new TokenMasking(tokenizer, 0.15).Apply(texts, seed, purpose, epoch).Targets.Labels;

        Assert.Equal(Labels(1, "masks", 2), Labels(1, "masks", 2));
        Assert.NotEqual(Labels(1, "masks", 2), Labels(2, "masks", 2));
        Assert.NotEqual(Labels(1, "masks", 2), Labels(1, "masks", 3));
        Assert.NotEqual(Labels(1, "masks", 2), Labels(1, "held-out masks", 2));
    }

    [Fact]
    public void New_TokenizerWithoutAMask_IsRefused()
    {
        var tokenizer = PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n"u8.ToArray() });

        Assert.Null(tokenizer.MaskId);
        Assert.Contains("no mask token", Assert.Throws<ArgumentException>(() => new TokenMasking(tokenizer, 0.15)).Message, StringComparison.Ordinal);
    }

    private static PretrainedTokenizer Tokenizer() => PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', s_tokens)) });

    private static TokenDataset Apply(TokenDataset texts, int epoch, double share = 0.15) => new TokenMasking(Tokenizer(), share).Apply(texts, seed: 1, "masks", epoch);

    private static int[] Places(TokenDataset masked, int row) => [.. Enumerable.Range(0, masked.Length(row)).Where(place => masked.Targets.Of(row)[place] != Targets.Ignored)];

    private static TokenDataset Texts(PretrainedTokenizer tokenizer, string[] texts)
    {
        var builder = new TokenDatasetBuilder(tokenizer.VocabularySize, tokenizer.VocabularySize, 100, TruncationSide.KeepStart);
        foreach (string text in texts) builder.Add([.. tokenizer.Encode(text).Select(id => id + 1)], 0);
        return builder.Build();
    }
}
