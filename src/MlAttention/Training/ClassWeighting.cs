using MlAttention.Data;

namespace MlAttention.Training;

/// <summary>The weight of each class in the loss.</summary>
internal static class ClassWeighting
{
    /// <summary>One weight for each class, or none when all are 1.</summary>
    /// <exception cref="ArgumentException">The options have another number of weights than the label has classes.</exception>
    public static IReadOnlyList<float> Of(TrainingOptions options, TokenDataset dataset)
    {
        if (options.BalanceClasses) return Balanced(dataset.CountClasses(), dataset.Count);
        if (options.ClassWeights is null) return [];
        if (options.ClassWeights.Count != dataset.ClassCount)
            throw new ArgumentException($"ClassWeights has {options.ClassWeights.Count} weight(s); the label has {dataset.ClassCount} classes. Give one weight for each class, in the order of the label's keys.");
        return options.ClassWeights;
    }

    /// <summary>rows / (classes x rows of the class), counting only classes that have rows; 0 for a class without rows.</summary>
    private static float[] Balanced(int[] counts, int rows)
    {
        var present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 0 : (float)((double)rows / ((double)present * count)))];
    }
}
