using System.Text;
using System.Text.Json.Nodes;
using MlAttention.Core.Text;

namespace MlAttention.Tests.Text;

/// <summary>Texts of several parts: pretrained tokenizers give Hugging Face's ids of pairs, vocabularies of one's own a separator.</summary>
public class TextPairTests
{
    public static TheoryData<string> Names => [.. ExpectedIds.Names];

    [Theory, MemberData(nameof(Names))]
    public void Encode_FourHundredPairs_EqualsHuggingFace(string name)
    {
        var (pairs, expected) = (ExpectedIds.Pairs, ExpectedIds.OfPairs(name));
        Assert.Equal((400, 400), (pairs.Length, expected.Length));
        foreach (var tokenizer in new[] { ExpectedIds.Load(name), PretrainedTokenizer.FromFiles(ExpectedIds.Whole(name)) })
        {
            var options = Pretrained(tokenizer);
            options.Validate();
            var sequences = new SequenceTokenizer(options, new Vocabulary(tokenizer.Tokens));
            for (int i = 0; i < pairs.Length; i++)
            {
                var (first, second) = pairs[i];
                Assert.True(expected[i].AsSpan().SequenceEqual(tokenizer.Encode(first, second)), $"Pair {i}, '{first}' and '{second}': expected {string.Join(' ', expected[i])}, got {string.Join(' ', tokenizer.Encode(first, second))}.");
                Assert.Equal(expected[i].Select(id => (uint)id + 1), Keys(sequences, first, second));
            }
        }
    }

    [Theory]
    [InlineData("bert", "[SEP]", "[CLS]|a|[UNK]|b|[SEP]|[UNK]|c|[SEP]", true)]
    [InlineData("roberta", "</s>", "<s>|a|<unk>|Ġb|</s>|</s>|<unk>|Ġc|</s>", false)]
    [InlineData("xlm_roberta", "</s>", "<s>|▁a|<unk>|▁b|</s>|</s>|<unk>|▁c|</s>", false)]
    public void Encode_SeparatorWrittenOutInAText_EndsNoPart(string name, string separator, string expected, bool typed)
    {
        var tokenizer = ExpectedIds.Load(name);

        Assert.Equal(expected, string.Join('|', tokenizer.Encode($"a{separator} b", $"{separator} c").Select(id => tokenizer.Tokens[id])));
        Assert.Contains(tokenizer.SepId!.Value, tokenizer.Encode($"a{separator} b")[1..^1]);      // of one text it stays what it is for Hugging Face
        Assert.Equal(typed, tokenizer.HasTypedParts);
        CheckSpelling(Pretrained(tokenizer), new Vocabulary(tokenizer.Tokens), $"a{separator} b", $"{separator} c");
    }

    [Theory]
    [InlineData(TokenizerKind.Word)]
    [InlineData(TokenizerKind.Character)]
    [InlineData(TokenizerKind.BytePair)]
    public void Tokenize_LearnedVocabulary_SeparatesParts(TokenizerKind kind)
    {
        var options = new TokenizeSequenceOptions { InputColumnNames = ["A", "B", "C"], Tokenizer = kind, ClsToken = "[CLS]", LowerCase = false };
        options.Validate();
        var vocabulary = SequenceTokenizerTests.Learn(options, "the [SEP] cat", "sep SEP dog");

        var keys = Keys(new SequenceTokenizer(options, vocabulary), "the cat [SEP] dog", "", "[CLS] [SEP]");

        uint separator = vocabulary.Find("[SEP]");
        Assert.Equal(2u, separator);
        Assert.Equal([.. Enumerable.Repeat(separator, 2)], keys.Where(key => key == separator));
        Assert.Equal(1u, keys[0]);
        Assert.Equal(1, keys.AsSpan()[(keys.AsSpan().IndexOf(separator) + 1)..].IndexOf(separator) + 1);  // the empty part
        CheckSpelling(options, vocabulary, "the cat [SEP] dog", "", "[CLS] zzq");
    }

    [Fact]
    public void Tokenize_SeparatorThatIsAWord_IsUnknownInATextAndEndsNoPart()
    {
        var options = new TokenizeSequenceOptions { InputColumnNames = ["A", "B"], SeparatorToken = "sep", UnknownToken = "unk" };
        options.Validate();
        var vocabulary = SequenceTokenizerTests.Learn(options, "a sep b", "c");

        var keys = Keys(new SequenceTokenizer(options, vocabulary), "a sep b", "sep c");

        Assert.Equal("a unk b sep unk c", string.Join(' ', keys.Select(key => vocabulary.Tokens[(int)key - 1])));
    }

    [Theory]
    [InlineData("bert", 8, TruncationSide.KeepStart, "[CLS]|the|cat|chased|[SEP]|who|?|[SEP]")]
    [InlineData("bert", 8, TruncationSide.KeepEnd, "[CLS]|a|dog|.|[SEP]|who|?|[SEP]")]
    [InlineData("bert", 5, TruncationSide.KeepStart, "[CLS]|the|[SEP]|who|[SEP]")]
    public void Tokenize_PairLongerThanMaxLength_CutsTheLongerAndCounts(string name, int maxLength, TruncationSide side, string expected)
    {
        var tokenizer = ExpectedIds.Load(name);
        var options = Pretrained(tokenizer) with { MaxLength = maxLength, Truncation = side };
        options.Validate();
        var sequences = new SequenceTokenizer(options, new Vocabulary(tokenizer.Tokens));

        Assert.Equal(expected, string.Join('|', Keys(sequences, "The cat chased a dog.", "Who?").Select(key => tokenizer.Tokens[(int)key - 1])));
        Assert.Equal((1, 11 - maxLength), (sequences.TruncatedRows, sequences.TruncatedTokens));
        CheckSpelling(options, new Vocabulary(tokenizer.Tokens), "The cat chased a dog.", "Who?");
    }

    [Fact]
    public void End_MissingOrFurtherPart_IsRefused()
    {
        var options = new TokenizeSequenceOptions { InputColumnNames = ["A", "B"] };
        var tokenizer = new SequenceTokenizer(options, SequenceTokenizerTests.Learn(options, "a b"));
        foreach (int parts in new[] { 1, 3 })
        {
            Assert.Contains($"2 parts; got {parts}", Assert.Throws<InvalidOperationException>(() => Keys(tokenizer, [.. Enumerable.Repeat("a", parts)])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_PartsThatCannotBe_NamesAll()
    {
        string Error(TokenizeSequenceOptions options) => Assert.Throws<ArgumentException>(options.Validate).Message;
        var pair = new TokenizeSequenceOptions { InputColumnNames = ["A", "B"] };

        Assert.Contains("must name at least 2 columns", Error(pair with { InputColumnNames = ["A"] }), StringComparison.Ordinal);
        Assert.Contains("InputColumnNames = [A, A]: must differ", Error(pair with { InputColumnNames = ["A", "A"] }), StringComparison.Ordinal);
        Assert.Contains("must be columns' names", Error(pair with { InputColumnNames = ["A", ""] }), StringComparison.Ordinal);
        Assert.Contains("must differ from UnknownToken and ClsToken", Error(pair with { SeparatorToken = "x", ClsToken = "x" }), StringComparison.Ordinal);
        Assert.Contains("which are not given", Error(new() { SeparatorToken = "x" }), StringComparison.Ordinal);
        Assert.Contains("MaxLength = 2: must be 0, or at least 3: 1 token of each of 2 parts beside the 1 special token(s)", Error(pair with { MaxLength = 2 }), StringComparison.Ordinal);
        Assert.Contains("MaxLength = 5: must be 0, or at least 6", Error(Pretrained(ExpectedIds.Load("roberta")) with { MaxLength = 5 }), StringComparison.Ordinal);
        Assert.Contains("SeparatorToken = |: does not apply", Error(Pretrained(ExpectedIds.Load("bert")) with { SeparatorToken = "|" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"Sequence":{"id":"A"}},{"Sequence":{"id":"B"}}]""")]
    [InlineData("""[{"SpecialToken":{"id":"[CLS]"}},{"Sequence":{"id":"B"}},{"SpecialToken":{"id":"[SEP]"}},{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"[SEP]"}}]""")]
    [InlineData("null")]
    public void Encode_TokenizerJsonWithoutAFormForPairs_SaysSo(string pair)
    {
        var file = JsonNode.Parse(ExpectedIds.Whole("bert")["tokenizer.json"])!;
        file["post_processor"]!["pair"] = JsonNode.Parse(pair);
        var tokenizer = PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes(file.ToJsonString()) });

        Assert.Contains("no template \"pair\" with a separator", Assert.Throws<NotSupportedException>(() => tokenizer.Encode("a", "b")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be several", Assert.Throws<ArgumentException>(Pretrained(tokenizer).Validate).Message, StringComparison.Ordinal);
        Assert.Equal(ExpectedIds.Load("bert").Encode("a cat"), tokenizer.Encode("a cat"));
    }

    [Fact]
    public void Encode_WrappedTokenizer_GivesTheSamePairs()
    {
        string[] tokens = Encoding.UTF8.GetString(ExpectedIds.Files("bert")["vocab.txt"]).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var bert = Microsoft.ML.Tokenizers.BertTokenizer.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens))));

        var wrapped = new PretrainedTokenizer(bert, tokens, "[CLS]", "[SEP]", "[PAD]", "[UNK]");

        Assert.Equal(ExpectedIds.Load("bert").Encode("The cat", "a dog."), wrapped.Encode("The cat", "a dog."));
    }

    private static void CheckSpelling(TokenizeSequenceOptions options, Vocabulary vocabulary, params string[] parts)
    {
        var tokenizer = new SequenceTokenizer(options, vocabulary);
        string? unknown = options.Pretrained is { UnknownId: { } id } pretrained ? pretrained.Tokens[id] : null;
        var expected = Keys(tokenizer, parts).Select(key => key == 0 || vocabulary.Tokens[(int)key - 1] == unknown ? null : vocabulary.Tokens[(int)key - 1]);
        Assert.Equal(expected, tokenizer.Spell(parts).Select(token => token.IsUnknown ? null : token.Text));
    }

    private static uint[] Keys(SequenceTokenizer tokenizer, params string[] parts)
    {
        tokenizer.Begin();
        foreach (string part in parts) tokenizer.Add(part);
        return tokenizer.End().ToArray();
    }

    private static TokenizeSequenceOptions Pretrained(PretrainedTokenizer tokenizer) => new() { Tokenizer = TokenizerKind.Pretrained, Pretrained = tokenizer, InputColumnNames = ["A", "B"] };
}
