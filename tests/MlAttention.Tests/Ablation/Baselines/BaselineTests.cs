using MlAttention.Ablation;
using MlAttention.Ablation.Baselines;
using MlAttention.Data;
using MlAttention.Reporting;
using MlAttention.Training;

namespace MlAttention.Tests.Ablation.Baselines;

public class BaselineTests
{
    [Fact]
    public void BagOfWords_KeywordDecides_LearnsIt()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 3, 4] : [4, 2, 3], row => row % 2);
        Assert.Equal(texts.Labels, BaselineRunner.Run(BaselineKind.BagOfWords, texts, texts, 1).Predictions);
    }

    [Fact]
    public void BagOfWords_OnlyOrderDecides_IsRightInHalf()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
        int[] predictions = BaselineRunner.Run(BaselineKind.BagOfWords, texts, texts, 1).Predictions;
        Assert.Single(predictions.Distinct());
    }

    [Fact]
    public void BagOfBigrams_OnlyOrderDecides_LearnsIt()
    {
        var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
        Assert.Equal(texts.Labels, BaselineRunner.Run(BaselineKind.BagOfBigrams, texts, texts, 1).Predictions);
    }

    [Fact]
    public void Available_SdcaMaximumEntropy_GoesWithTheOfficialPackages()
    {
        if (ProgramVersion.Packages == "official")
        {
            var texts = Texts(row => row % 2 == 0 ? [1, 2, 3] : [2, 1, 3], row => row % 2);
            Assert.Equal(texts.Labels, BaselineRunner.Run(BaselineKind.SdcaMaximumEntropy, texts, texts, 1).Predictions);
            return;
        }
        Assert.DoesNotContain(BaselineKind.SdcaMaximumEntropy, BaselineRunner.Available);
        var error = Assert.Throws<ArgumentException>(new AblationPlan { Baselines = [BaselineKind.SdcaMaximumEntropy] }.Validate);
        Assert.Contains("needs the official packages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Majority_UnequalClasses_GivesTheLargest()
    {
        var texts = Texts(_ => [1], row => row % 3 == 0 ? 0 : 1);
        Assert.All(BaselineRunner.Run(BaselineKind.Majority, texts, texts, 1).Predictions, prediction => Assert.Equal(1, prediction));
    }

    private static TokenDataset Texts(Func<int, int[]> tokens, Func<int, int> label)
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 4, classCount: 2, maxTokens: 10, TruncationSide.KeepStart);
        for (int row = 0; row < 40; row++) builder.Add(tokens(row), label(row));
        return builder.Build();
    }
}
