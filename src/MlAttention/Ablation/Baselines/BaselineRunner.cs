using MlAttention.Data;

namespace MlAttention.Ablation.Baselines;

/// <summary>Trains the models without attention on the same texts.</summary>
internal static class BaselineRunner
{
    private const int Epochs = 20;

    /// <summary>The baseline's predictions on the test texts and its number of parameters.</summary>
    public static (int[] Predictions, int Parameters) Run(BaselineKind kind, TokenDataset training, TokenDataset test, long seed) => kind switch
    {
        BaselineKind.Majority => (Majority(training, test), 0),
        BaselineKind.BagOfWords => Linear(training, test, pairs: false, seed),
        BaselineKind.BagOfBigrams => Linear(training, test, pairs: true, seed),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such baseline."),
    };

    private static int[] Majority(TokenDataset training, TokenDataset test)
    {
        int[] counts = training.CountClasses();
        int most = Array.IndexOf(counts, counts.Max());
        return [.. Enumerable.Repeat(most, test.Count)];
    }

    private static (int[], int) Linear(TokenDataset training, TokenDataset test, bool pairs, long seed)
    {
        var features = new TokenCounts(training, pairs);
        var model = LinearSoftmax.Train(features.Rows(training), training.Labels, features.Count, training.ClassCount, Epochs, seed);
        return ([.. features.Rows(test).Select(model.Predict)], model.Parameters);
    }
}
