using MlAttention.Ablation.Orders;

namespace MlAttention.Tests.Ablation.Orders;

public class TextWordsTests
{
    [Theory]
    [InlineData("The cat, at noon, sat.", new[] { "The", "cat", ",", "at", "noon", ",", "sat", "." })]
    [InlineData("  (\"Why?!\")\tdon't  ", new[] { "(", "\"", "Why", "?", "!", "\"", ")", "don't" })]
    [InlineData("( - ( -7 3.14 ) ) ? $5", new[] { "(", "-", "(", "-7", "3.14", ")", ")", "?", "$5" })]
    [InlineData("...", new[] { ".", ".", "." })]
    [InlineData(" ", new string[0])]
    public void Split_Text_GivesWordsAndTheMarksAtTheirEnds(string text, string[] words) => Assert.Equal(words, TextWords.Split(text));

    [Fact]
    public void Join_AnyOrder_HasASpaceBeforeEveryWord() => Assert.Equal(" c a b", TextWords.Join(["a", "b", "c"], [2, 0, 1]));

    [Fact]
    public void Join_ThenSplit_GivesTheWordsBack()
    {
        string[] words = TextWords.Split("On friday, the \"baker\" showed (again!) the tutor...");
        Assert.Equal(words, TextWords.Split(TextWords.Join(words, WordOrder.Same(words.Length))));
    }
}
