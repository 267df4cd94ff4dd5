using System.Text;
using MlAttention.Ablation.Orders;
using MlAttention.Ablation.Plan;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation.Runs;

public class PretrainedTextsTests
{
    private static readonly PretrainedEncoder s_encoder = TinyEncoder.Create();
    private static readonly string[] s_words = ["The", "tutor", "met", "the", "baker", "."];

    private static PieceReader Reader(int maxTokens = 20) => new(s_encoder, maxTokens);

    private static string[] Pieces(IEnumerable<int> keys) => [.. keys.Select(key => s_encoder.Tokenizer.Tokens[key - 1])];

    [Fact]
    public void Keys_Words_AreTheirPiecesAndOneMore() =>
        Assert.Equal(["[CLS]", "the", "tu", "##tor", "met", "the", "baker", ".", "[SEP]"], Pieces(Reader().Keys(s_words, WordOrder.Same(6))));

    [Theory]
    [InlineData(20, 6)]
    [InlineData(9, 6)] // exactly
    [InlineData(8, 5)]
    [InlineData(5, 2)]
    [InlineData(4, 1)] // half of a word is no word
    public void Cut_TooManyPieces_KeepsTheFirstWholeWords(int maxTokens, int words) => Assert.Equal(s_words[..words], Reader(maxTokens).Cut(s_words));

    [Fact]
    public void Of_LongTexts_AreCutBeforeAnyShuffleAndCounted()
    {
        var texts = PretrainedTexts.Of(Reader(5), [["the tutor met"], ["the baker"]], [["met at noon , again and again"]]);
        Assert.Equal([["the", "tutor"], ["the", "baker"]], texts.Training);
        Assert.Equal(["met", "at", "noon"], Assert.Single(texts.Test));
        Assert.Equal(2, texts.TruncatedTexts);
    }

    [Theory]
    [InlineData(99, "0 2 4|1 5")]
    [InlineData(4, "0 2 4")]
    [InlineData(2, "")]
    public void TextsOfTheSamePieces_Repeated_CountOnceAndOnlyInAnotherOrder(int most, string groups)
    {
        var builder = new TokenDatasetBuilder(9, 2, 20, TruncationSide.KeepStart);
        foreach (var text in new int[][] { [1, 2, 3], [4, 5], [3, 2, 1], [1, 2, 3], [2, 1, 3], [5, 4], [7, 7], [7, 7], [1, 2] }) builder.Add(text, 0);
        Assert.Equal(groups, string.Join('|', PretrainedTester.TextsOfTheSamePieces(builder.Build(), most).Select(group => string.Join(' ', group))));
    }

    [Fact]
    public void Read_ShuffledWords_KeepTheirPiecesTogetherAndSpecialTokensInPlace()
    {
        bool moved = false;
        for (int draw = 0; draw < 10; draw++)
        {
            string[] pieces = Pieces(Read(WordArrangement.Shuffled, draw).Row(0).ToArray());
            Assert.Equal(("[CLS]", "[SEP]"), (pieces[0], pieces[^1]));
            Assert.Equal("##tor", pieces[Array.IndexOf(pieces, "tu") + 1]);
            moved |= Array.IndexOf(pieces, "tu") != 2;
        }
        Assert.True(moved);
    }

    [Fact]
    public void Read_ShuffledPieces_TearWordsApartAndLeaveSpecialTokensInPlace()
    {
        string[][] draws = [.. Enumerable.Range(0, 20).Select(draw => Pieces(Read(WordArrangement.ShuffledPieces, draw).Row(0).ToArray()))];
        Assert.All(draws, pieces => Assert.Equal(("[CLS]", "[SEP]"), (pieces[0], pieces[^1])));
        Assert.Contains(draws, pieces => pieces[Array.IndexOf(pieces, "tu") + 1] != "##tor");
        Assert.All(draws, pieces => Assert.Equal(draws[0].Order(), pieces.Order()));
    }

    [Theory]
    [InlineData(nameof(WordArrangement.Shuffled), OrderedParts.All)]
    [InlineData(nameof(WordArrangement.Shuffled), OrderedParts.First)]
    [InlineData(nameof(WordArrangement.Shuffled), OrderedParts.Second)]
    [InlineData(nameof(WordArrangement.ShuffledPieces), OrderedParts.All)]
    [InlineData(nameof(WordArrangement.ShuffledPieces), OrderedParts.Second)]
    public void Read_Pairs_KeepWordsInTheirPart(string arrangement, OrderedParts parts)
    {
        var kind = Enum.Parse<WordArrangement>(arrangement);
        string[] words = TextWords.Split(["the tutor met the nurse and the baker at noon", "quickly again , the baker met the tutor"]);
        var reader = new PieceReader(s_encoder, 60, parts);
        string[] inOrder = Pieces(reader.Keys(words, WordOrder.Same(words.Length)));
        int separator = Array.IndexOf(inOrder, "[SEP]");
        bool firstMoved = false, secondMoved = false;
        for (int draw = 0; draw < 10; draw++)
        {
            string[] pieces = Pieces(reader.Read([words], Labelled(), [0], kind, OrderDraw.OfTest(draw)).Row(0).ToArray());
            Assert.Equal(("[CLS]", "[SEP]", "[SEP]"), (pieces[0], pieces[separator], pieces[^1]));
            Assert.Equal(inOrder[..separator].Order(), pieces[..separator].Order());
            Assert.Equal(inOrder.Order(), pieces.Order());
            firstMoved |= !pieces.Take(separator).SequenceEqual(inOrder.Take(separator));
            secondMoved |= !pieces.Skip(separator).SequenceEqual(inOrder.Skip(separator));
        }
        Assert.Equal((parts != OrderedParts.Second, parts != OrderedParts.First), (firstMoved, secondMoved));
    }

    [Theory]
    [InlineData(12, "the tutor met the / the baker at noon")]
    [InlineData(10, "the tutor met / the baker at")]
    [InlineData(8, "the tutor / the baker")]
    [InlineData(6, "the / the")] // half of a word is no word
    public void Cut_Pairs_CutsTheLongerPartFirst(int maxTokens, string expected) =>
        Assert.Equal(expected, string.Join(' ', Reader(maxTokens).Cut(TextWords.Split(["the tutor met the nurse and the baker", "the baker at noon"]))).Replace(TextWords.Separator, "/", StringComparison.Ordinal));

    [Fact]
    public void TextsOfTheSamePieces_Pairs_HaveThemInTheSamePart()
    {
        var builder = new TokenDatasetBuilder(9, 2, 20, TruncationSide.KeepStart);
        foreach (var text in new int[][] { [1, 2, 9, 3], [2, 1, 9, 3], [3, 9, 1, 2], [1, 9, 2, 3], [2, 9, 3, 1], [1, 9, 3, 2] }) builder.Add(text, 0);

        Assert.Equal("0 1|3 5", string.Join('|', PretrainedTester.TextsOfTheSamePieces(builder.Build(), 99, separator: 9).Select(group => string.Join(' ', group))));
    }

    [Fact]
    public void Keys_BytePairs_AreTheSameBagForEveryOrderOfTheWords()
    {
        // A word at the start of a text, without the space before it, would be another piece.
        const string Vocabulary = """{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"a":4,"b":5,"Ġ":6,"Ġa":7,"Ġb":8}""";
        var tokenizer = PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]>
        {
            ["vocab.json"] = Encoding.UTF8.GetBytes(Vocabulary),
            ["merges.txt"] = Encoding.UTF8.GetBytes("#version: 0.2\nĠ a\nĠ b\n"),
        });
        var reader = new PieceReader(TinyEncoder.Of("roberta", tokenizer), 20);

        Assert.Equal([1, 8, 9, 3], reader.Keys(["a", "b"], [0, 1]));
        Assert.Equal([1, 9, 8, 3], reader.Keys(["a", "b"], [1, 0]));
    }

    [Fact]
    public void ReadWithShuffledPieces_Rows_AreTheTextAndItsShuffles()
    {
        var texts = Reader().ReadWithShuffledPieces([s_words], Labelled(), [0], shuffles: 5);
        Assert.Equal(6, texts.Count);
        Assert.Equal(Reader().Keys(s_words, WordOrder.Same(6)), texts.Row(0).ToArray());
        Assert.Equal(5, Enumerable.Range(1, 5).Select(row => string.Join(' ', texts.Row(row).ToArray())).Distinct().Count());
    }

    [Fact]
    public void Read_Rows_KeepLabelsAndGroups()
    {
        var texts = Reader().Read([s_words, ["met"]], Labelled(), [1, 0], WordArrangement.InOrder, OrderDraw.OfTest(0));
        Assert.Equal([1, 0], texts.Labels);
        Assert.Equal([8, 7], texts.Groups);
        Assert.Equal(s_encoder.Tokenizer.VocabularySize, texts.VocabularySize);
    }

    private static TokenDataset Read(WordArrangement arrangement, int draw) => Reader().Read([s_words], Labelled(), [0], arrangement, OrderDraw.OfTest(draw));

    private static TokenDataset Labelled()
    {
        var builder = new TokenDatasetBuilder(3, 2, 9, TruncationSide.KeepStart);
        builder.Add([1], 0, group: 7);
        builder.Add([2], 1, group: 8);
        return builder.Build();
    }
}
