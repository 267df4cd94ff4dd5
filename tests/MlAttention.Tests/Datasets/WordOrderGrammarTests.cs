using MlAttention.Cli.Datasets;

namespace MlAttention.Tests.Datasets;

/// <summary>The grammar knows its own sentences, and no others.</summary>
public class WordOrderGrammarTests
{
    [Fact]
    public void LogProbability_EverySentenceOfTheDataset_IsKnown()
    {
        string[] texts = [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "datasets", "word_order.csv")).Skip(1).Select(line => line[..line.LastIndexOf(',', line.LastIndexOf(',') - 1)].Trim('"'))];
        Assert.Equal(4800, texts.Length);
        Assert.All(texts, text => Assert.NotNull(WordOrderGrammar.LogProbability(text)));
    }

    /// <summary>10 templates, 18 verbs, 6 people of each field in 6 orders, 15 places, and an adjective in every second sentence, of 16.</summary>
    [Fact]
    public void LogProbability_ASentence_IsThatOfItsChoices()
    {
        double without = 10 * 18 * 6.0 * 6 * 6 * 6 * 15 * 2;
        Assert.Equal(-Math.Log(without), WordOrderGrammar.LogProbability("The cook sent the nurse to the tutor at the market.")!.Value, 1e-12);
        Assert.Equal(-Math.Log(without * 16), WordOrderGrammar.LogProbability("The cook sent the shy nurse to the tutor at the market.")!.Value, 1e-12);
        Assert.Equal(-Math.Log(without * 18), WordOrderGrammar.LogProbability("At the market, the cook sent the nurse to the tutor last week.")!.Value, 1e-12);
    }

    [Theory]
    [InlineData("")]
    [InlineData("The cook sent the nurse to the tutor.")]                                 // no place
    [InlineData("The cook sent the nurse to the surgeon at the market.")]                 // two of one field
    [InlineData("The cook sent the nurse to the tutor at the market")]
    [InlineData("the cook sent the nurse to the tutor at the market.")]
    [InlineData("The cook sent the shy nurse to the shy tutor at the market.")]
    [InlineData("The cook sent sent the nurse to the tutor at the market.")]
    [InlineData("Market the to nurse the sent cook the.")]
    public void LogProbability_OtherTexts_AreNone(string text) => Assert.Null(WordOrderGrammar.LogProbability(text));
}
