using MlAttention.Data;

namespace MlAttention.Ablation.Baselines;

/// <summary>Trains the models without attention on the same texts.</summary>
internal static class BaselineRunner
{
    private const int Epochs = 20;

    /// <summary>The baselines that this build can train.</summary>
    public static IReadOnlyList<BaselineKind> Available { get; } =
#if OFFICIAL_PACKAGES
        Enum.GetValues<BaselineKind>();
#else
        [.. Enum.GetValues<BaselineKind>().Where(kind => kind != BaselineKind.SdcaMaximumEntropy)];
#endif

    /// <summary>The baseline's predictions on the test texts and its number of parameters.</summary>
    public static (int[] Predictions, int Parameters) Run(BaselineKind kind, TokenDataset training, TokenDataset test, int seed) => kind switch
    {
        BaselineKind.Majority => (Majority(training, test), 0),
        BaselineKind.BagOfWords => Linear(training, test, pairs: false, seed),
        BaselineKind.BagOfBigrams => Linear(training, test, pairs: true, seed),
#if OFFICIAL_PACKAGES
        BaselineKind.SdcaMaximumEntropy => SdcaBaseline.Run(training, test, seed),
#endif
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
