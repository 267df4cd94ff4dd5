using MlAttention.Ablation.Orders;
using MlAttention.Ablation.Plan;
using MlAttention.Core.Randomness;

namespace MlAttention.Tests.Ablation.Orders;

public class WordOrderTests
{
    private static readonly string[] s_words = ["on", "friday", ",", "the", "baker", "showed", "the", "tutor", "his", "oven", "."];

    public static TheoryData<string> Arrangements => [.. Enum.GetNames<WordArrangement>()];

    [Theory, MemberData(nameof(Arrangements))]
    public void Order_AnyArrangement_KeepsEveryWordOnce(string arrangement)
    {
        int[] order = WordArranger.Order(Enum.Parse<WordArrangement>(arrangement), s_words, Xoshiro256.For(1, "test"));
        Assert.Equal(WordOrder.Same(s_words.Length), order.Order());
        Assert.Empty(WordArranger.Order(Enum.Parse<WordArrangement>(arrangement), [], Xoshiro256.For(1, "test")));
    }

    [Theory, MemberData(nameof(Arrangements))]
    public void Order_AnyArrangementButTheOwn_MovesWords(string arrangement)
    {
        var kind = Enum.Parse<WordArrangement>(arrangement);
        bool moves = Enumerable.Range(1, 20).Any(seed => !WordArranger.Order(kind, s_words, Xoshiro256.For(seed, "test")).SequenceEqual(WordOrder.Same(s_words.Length)));
        Assert.Equal(kind is not (WordArrangement.InOrder or WordArrangement.ShuffledPieces), moves); // pieces move within the sequence of pieces
    }

    [Fact]
    public void Blocks_OfThree_StayTogether()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            int[] order = WordOrder.Blocks(11, 3, Xoshiro256.For(seed, "test"));
            for (int i = 1; i < order.Length; i++) Assert.True(order[i] % 3 == 0 || order[i] == order[i - 1] + 1, string.Join(',', order));
        }
    }

    [Fact]
    public void Windows_OfThree_KeepWordsInTheirs()
    {
        for (int seed = 0; seed < 20; seed++) Assert.All(WordOrder.Windows(11, 3, Xoshiro256.For(seed, "test")).Index(), word => Assert.Equal(word.Index / 3, word.Item / 3));
    }

    [Fact]
    public void ShuffledExcept_Punctuation_StaysWhereItIs()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            int[] order = WordArranger.Order(WordArrangement.ShuffledAroundPunctuation, s_words, Xoshiro256.For(seed, "test"));
            Assert.Equal((2, 10), (order[2], order[10]));
        }
    }

    [Fact]
    public void Sorted_AnyOrderOfTheSameWords_GivesTheSameText()
    {
        string[] reversed = [.. s_words.Reverse()];
        Assert.Equal(" , . baker friday his on oven showed the the tutor", TextWords.Join(s_words, WordOrder.Sorted(s_words)));
        Assert.Equal(TextWords.Join(s_words, WordOrder.Sorted(s_words)), TextWords.Join(reversed, WordOrder.Sorted(reversed)));
    }

    [Fact]
    public void Draws_OfATextItsEpochAndItsSeed_AreTheirOwn()
    {
        int[] Order(OrderDraw draw, int row) => WordOrder.Shuffled(30, draw.For(row));
        Assert.Equal(Order(OrderDraw.OfEpoch(7, 2), 5), Order(OrderDraw.OfEpoch(7, 2), 5));
        Assert.NotEqual(Order(OrderDraw.OfEpoch(7, 2), 5), Order(OrderDraw.OfEpoch(7, 3), 5)); // shuffled anew in each epoch
        Assert.NotEqual(Order(OrderDraw.OfEpoch(7, 2), 5), Order(OrderDraw.OfEpoch(8, 2), 5));
        Assert.NotEqual(Order(OrderDraw.OfEpoch(7, 2), 5), Order(OrderDraw.OfEpoch(7, 2), 6));
        Assert.NotEqual(Order(OrderDraw.OfTest(0), 5), Order(OrderDraw.OfTest(1), 5));
    }
}
