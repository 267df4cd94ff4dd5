using MlAttention.Ablation.Runs;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation.Baselines;

public class BaselineTests
{
    [Fact]
    public void BagOfWords_KeywordDecides_LearnsIt()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 3, 4] : [4, 2, 3], row => row % 2);
        Assert.Equal(texts.Test.Labels, BaselineRunner.Run(BaselineKind.BagOfWords, texts, 1).Predictions);
    }

    [Fact]
    public void BagOfWords_OnlyOrderDecides_IsRightInHalf()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
        int[] predictions = BaselineRunner.Run(BaselineKind.BagOfWords, texts, 1).Predictions;
        Assert.Single(predictions.Distinct());
    }

    [Fact]
    public void BagOfBigrams_OnlyOrderDecides_LearnsIt()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
        Assert.Equal(texts.Test.Labels, BaselineRunner.Run(BaselineKind.BagOfBigrams, texts, 1).Predictions);
    }

    [Fact]
    public void SdcaMaximumEntropy_OnlyOrderDecides_LearnsIt()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
        Assert.Equal(texts.Test.Labels, BaselineRunner.Run(BaselineKind.SdcaMaximumEntropy, texts, 1).Predictions);
    }

    [Fact]
    public void LengthOnly_LengthDecides_LearnsItAndNothingElse()
    {
        var lengths = Texts(row => row % 2 == 0 ? [1, 1] : [1, 1, 1], row => row % 2);
        var (predictions, parameters) = BaselineRunner.Run(BaselineKind.LengthOnly, lengths, 1);
        Assert.Equal(lengths.Test.Labels, predictions);
        Assert.Equal((65 + 1) * 2, parameters);
        var words = Texts(row => row % 2 == 0 ? [1, 3, 4] : [4, 2, 3], row => row % 2);
        Assert.Single(BaselineRunner.Run(BaselineKind.LengthOnly, words, 1).Predictions.Distinct());
    }

    [Fact]
    public void StaticVectors_WordsDecide_LearnsThemInAnyOrder()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 3, 4] : [4, 2, 3], row => row % 2);
        string[][] Words(TokenDataset rows) => [.. Enumerable.Range(0, rows.Count).Select(row => row % 2 == 0 ? new[] { "the", "baker", "met" } : ["met", "the", "nurse"])];
        texts = texts with { Words = new(Words(texts.Training), Words(texts.Test), 0) };
        var (predictions, parameters) = BaselineRunner.Run(BaselineKind.StaticVectors, texts, 1, TinyEncoder.Create());
        Assert.Equal(texts.Test.Labels, predictions);
        Assert.Equal((16 + 1) * 2, parameters);
        Assert.Throws<ArgumentNullException>(() => BaselineRunner.Run(BaselineKind.StaticVectors, texts, 1));
    }

    [Theory]
    [InlineData(BaselineKind.BagOfWords, (3 + 1) * 2)]
    [InlineData(BaselineKind.BagOfBigrams, (3 + 4 + 1) * 2)]
    [InlineData(BaselineKind.SdcaMaximumEntropy, (3 + 4 + 1) * 2)]
    public void Run_ThreeWordsInFourPairs_HasAWeightForEachFeatureAndClassAndABias(BaselineKind kind, int parameters)
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
        Assert.Equal(parameters, BaselineRunner.Run(kind, texts, 1).Parameters);
    }

    [Theory]
    [InlineData(BaselineKind.BagOfBigrams)]
    [InlineData(BaselineKind.SdcaMaximumEntropy)]
    public void Run_SameSeed_GivesTheSamePredictions(BaselineKind kind)
    {
        var random = new Random(5);
        var texts = Texts(_ => [random.Next(1, 5), random.Next(1, 5), random.Next(1, 5)], _ => random.Next(2));
        Assert.Equal(BaselineRunner.Run(kind, texts, 3).Predictions, BaselineRunner.Run(kind, texts, 3).Predictions);
    }

    [Fact]
    public void Majority_UnequalClasses_GivesTheLargest()
    {
        var texts = Texts(_ => [1], row => row % 3 == 0 ? 0 : 1);
        Assert.All(BaselineRunner.Run(BaselineKind.Majority, texts, 1).Predictions, prediction => Assert.Equal(1, prediction));
    }

    private static AblationData Texts(Func<int, int[]> tokens, Func<int, int> label)
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 4, classCount: 2, maxTokens: 10, TruncationSide.KeepStart);
        for (int row = 0; row < 40; row++) builder.Add(tokens(row), label(row));
        var texts = builder.Build();
        return new(Training: texts, Test: texts, Classes: ["a", "b"], Vocabulary: ["w1", "w2", "w3", "w4"]) { TestTexts = [] };
    }
}
