using System.Globalization;
using System.Text;
using MlAttention.Core.Text;

namespace MlAttention.Tests.Text;

/// <summary>Ids equal those of Hugging Face's tokenizers.</summary>
public sealed class PretrainedTokenizerTests
{
    public static TheoryData<string> Names => [.. ExpectedIds.Names];

    [Theory, MemberData(nameof(Names))]
    public void Encode_TenThousandTexts_EqualsHuggingFace(string name)
    {
        var (files, whole) = (ExpectedIds.Load(name), PretrainedTokenizer.FromFiles(ExpectedIds.Whole(name)));
        int[][] expected = ExpectedIds.Of(name);
        Assert.Equal(10_000, ExpectedIds.Texts.Length);

        for (int i = 0; i < expected.Length; i++)
        {
            var text = ExpectedIds.Texts[i];
            Assert.True(expected[i].AsSpan().SequenceEqual(files.Encode(text)), $"Text {i}, '{text}': expected {string.Join(' ', expected[i])}, got {string.Join(' ', files.Encode(text))}.");
            Assert.True(expected[i].AsSpan().SequenceEqual(whole.Encode(text)), $"Text {i}, '{text}', of tokenizer.json: expected {string.Join(' ', expected[i])}, got {string.Join(' ', whole.Encode(text))}.");
        }
        Assert.Equal(files.Tokens, whole.Tokens);
        Assert.Equal((files.ClsId, files.SepId, files.PaddingId), (whole.ClsId, whole.SepId, whole.PaddingId));
    }

    [Fact]
    public void Encode_WhereTheJavaScriptLibraryDiffers_EqualsHuggingFacesOwn()
    {
        var cases = ExpectedIds.OfLibrary();
        Assert.Equal(5, cases.Count);
        foreach (var (name, texts) in cases)
        {
            var tokenizer = ExpectedIds.Load(name);
            Assert.All(texts, expected => Assert.Equal(expected.Value, string.Join(' ', tokenizer.Encode(expected.Key))));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Encode_LoneSurrogate_IsTheReplacementCharacter(string name)
    {
        var tokenizer = ExpectedIds.Load(name);

        Assert.Equal(tokenizer.Encode("a \uFFFD b\uFFFD"), tokenizer.Encode("a \uD83D b\uDC4D"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Encode_ManyThreadsAndTheFilesAgain_GivesTheSame(string name)
    {
        var tokenizer = ExpectedIds.Load(name);
        var again = PretrainedTokenizer.FromFiles(tokenizer.Files);
        int[][] expected = ExpectedIds.Of(name);

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int i = thread; i < expected.Length; i += 3) Assert.Equal(expected[i], (i % 2 == 0 ? tokenizer : again).Encode(ExpectedIds.Texts[i]));
        });
        Assert.Equal(tokenizer.Files.Keys.Order(StringComparer.Ordinal), again.Files.Keys.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Encode_AsciiOnceWarm_AllocatesNothing(string name)
    {
        var tokenizer = ExpectedIds.Load(name);
        var texts = ExpectedIds.Texts.Where(text => System.Text.Ascii.IsValid(text)).Take(500).ToArray();
        var ids = new List<int>();
        long Run()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (string text in texts)
            {
                ids.Clear();
                tokenizer.Encode(text, ids);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The runtime's own code for spans allocates until it is compiled for good, which takes some calls and a moment, on a busy machine many moments.
        for (int i = 0; i < 3000 && Run() > 0; i++) Thread.Sleep(20);

        Assert.Equal(0, Run());
    }

    [Fact]
    public void Tokens_OfEachFamily_HaveTheirSpecialTokens()
    {
        var (bert, roBerta, xlm) = (ExpectedIds.Load("bert"), ExpectedIds.Load("roberta"), ExpectedIds.Load("xlm_roberta"));

        Assert.Equal((30522, 101, 102, 0, 100), (bert.VocabularySize, bert.ClsId, bert.SepId, bert.PaddingId, bert.UnknownId));
        Assert.Equal((0, 2, 1, 3), (roBerta.ClsId, roBerta.SepId, roBerta.PaddingId, roBerta.UnknownId));
        Assert.Equal((2502, 0, 2, 1, 3), (xlm.VocabularySize, xlm.ClsId, xlm.SepId, xlm.PaddingId, xlm.UnknownId));
        Assert.Equal("<mask>", xlm.Tokens[^1]);
        Assert.Equal(["[CLS]", "the", "cat", "chased", "a", "dog", ".", "[SEP]"], bert.Encode("The cat chased a dog.").Select(id => bert.Tokens[id]));
    }

    [Theory]
    [InlineData(TruncationSide.KeepStart, "[CLS]|the|cat|[SEP]")]
    [InlineData(TruncationSide.KeepEnd, "[CLS]|dog|.|[SEP]")]
    public void Tokenize_LongerThanMaxLength_KeepsTheTokensAroundAndCounts(TruncationSide side, string expected)
    {
        var tokenizer = ExpectedIds.Load("bert");
        var options = new TokenizeSequenceOptions { Tokenizer = TokenizerKind.Pretrained, Pretrained = tokenizer, MaxLength = 4, Truncation = side };
        options.Validate();
        var sequences = new SequenceTokenizer(options, new Vocabulary(tokenizer.Tokens));

        var keys = sequences.Tokenize("The cat chased a dog.").ToArray();

        Assert.Equal(expected, string.Join('|', keys.Select(key => tokenizer.Tokens[(int)key - 1])));
        Assert.Equal((1, 4), (sequences.TruncatedRows, sequences.TruncatedTokens));
        Assert.Equal(tokenizer.Encode("the dog").Select(id => (uint)id + 1), sequences.Tokenize("the dog").ToArray());
        Assert.Equal(1, sequences.TruncatedRows);
    }

    [Fact]
    public void Validate_OptionsThatDoNotApply_NamesAll()
    {
        var tokenizer = ExpectedIds.Load("roberta");
        var options = new TokenizeSequenceOptions
        {
            Tokenizer = TokenizerKind.Pretrained, Pretrained = tokenizer, LowerCase = false, UnicodeForm = UnicodeForm.AsIs, KeepPunctuation = false,
            MaxSize = 100, MinCount = 2, UnknownToken = "[UNK]", ClsToken = "[CLS]", VocabularyPath = "vocab.txt", MaxLength = 2,
        };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        foreach (string name in new[] { "LowerCase", "UnicodeForm", "KeepPunctuation", "MaxSize", "MinCount", "UnknownToken", "ClsToken", "VocabularyPath", "MaxLength" })
            Assert.Contains($"{name} = ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Pretrained = null", Assert.Throws<ArgumentException>(new TokenizeSequenceOptions { Tokenizer = TokenizerKind.Pretrained }.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("only for Tokenizer = Pretrained", Assert.Throws<ArgumentException>(new TokenizeSequenceOptions { Pretrained = tokenizer }.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_InACultureWithItsOwnLetters_GivesTheSame()
    {
        var (before, tokenizer) = (CultureInfo.CurrentCulture, ExpectedIds.Load("bert"));
        int[] expected = tokenizer.Encode("TITLE I İ ı");
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            Assert.Equal(expected, ExpectedIds.Load("bert").Encode("TITLE I İ ı"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Wrap_TokenizerOfMicrosoftML_GivesItsIdsAndSaysThatItCannotBeSaved()
    {
        byte[] content = ExpectedIds.Files("bert")["vocab.txt"];
        string[] tokens = Encoding.UTF8.GetString(content).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var bert = Microsoft.ML.Tokenizers.BertTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens))));
        var words = Microsoft.ML.Tokenizers.WordPieceTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens))));

        var complete = new PretrainedTokenizer(bert, tokens, "[CLS]", "[SEP]", "[PAD]", "[UNK]");
        var bare = new PretrainedTokenizer(words, tokens, "[CLS]", "[SEP]");

        Assert.Equal([101, 1996, 4937, 13303, 1037, 3899, 1012, 102], complete.Encode("The cat chased a dog."));
        Assert.Equal([101, 1996, 4937, 102], bare.Encode("the cat"));
        Assert.Equal((30522, 101, 102, 0, 100), (complete.VocabularySize, complete.ClsId, complete.SepId, complete.PaddingId, complete.UnknownId));
        Assert.False(complete.HasFiles);
        Assert.Contains("PretrainedTokenizer.Load(folder)", Assert.Throws<NotSupportedException>(() => complete.Files).Message, StringComparison.Ordinal);
        Assert.Contains("'[X]' is not among", Assert.Throws<ArgumentException>(() => new PretrainedTokenizer(bert, tokens, "[X]")).Message, StringComparison.Ordinal);
        Assert.Contains("ids 0 to 199", Assert.Throws<InvalidOperationException>(() => new PretrainedTokenizer(bert, tokens[..200]).Encode("cat")).Message, StringComparison.Ordinal);
    }
}
