using MlAttention.Ablation.Orders;

namespace MlAttention.Tests.Ablation.Orders;

public class WordSwapsTests
{
    [Fact]
    public void Pairs_OfOneSwapAndAnotherLabel_AreFoundBothWays()
    {
        string[][] texts =
        [
            ["The", "dog", "bit", "the", "cat"], ["The", "cat", "bit", "the", "dog"], // a swap, another label
            ["the", "bit", "dog", "The", "cat"],                                      // a swap of the first, the same label
            ["cat", "dog", "the", "bit", "the"],                                      // the same words, more than a swap
            ["The", "dog", "bit", "the", "cow"],                                      // other words
        ];
        Assert.Equal([(0, 1), (1, 0)], WordSwaps.Pairs(texts, [0, 1, 0, 1, 1]));
    }

    [Fact]
    public void Pairs_CapitalAtTheStart_MakesNoDifference() =>
        Assert.Equal(2, WordSwaps.Pairs([["Dogs", "bite", "cats"], ["Cats", "bite", "dogs"]], [0, 1]).Count);
}
