using Microsoft.ML;
using MlAttention.Ablation.Runs;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>Accuracy by the number of training rows. A seed draws the rows, and of a file that has no test file its test rows; the vocabulary is that of the rows trained on.</summary>
internal static class DataHunger
{
    /// <param name="task">What the results call it.</param>
    /// <param name="trainPath">A CSV file with the columns Text and Label; rows with the same Group, where it has that, stay on one side.</param>
    /// <param name="testPath">The test rows; null for a fifth of the file.</param>
    /// <param name="sizes">Numbers of training rows.</param>
    /// <param name="seeds">One training each.</param>
    /// <param name="training">How the encoders are trained.</param>
    public static IEnumerable<AccuracyPoint> Measure(string task, string trainPath, string? testPath, IReadOnlyList<int> sizes, IReadOnlyList<int> seeds, EncoderTraining training)
    {
        foreach (int size in sizes)
        {
            AblationData[] drawn = [.. seeds.Select(seed => Read(trainPath, testPath, size, seed))];
            double chance = drawn.Average(data => data.Test.CountClasses().Max() / (double)data.Test.Count);
            foreach (var contestant in Contestant.Trained)
            {
                double[] accuracies = [.. drawn.Zip(seeds, (data, seed) => EncoderTraining.Accuracy(training.Train(contestant.Model with { MaxLength = 128 }, data.Training, seed), data.Test))];
                Console.WriteLine(FormattableString.Invariant($"{task} {size} {contestant.Name}: {accuracies.Average():P1} ({string.Join(' ', accuracies.Select(accuracy => FormattableString.Invariant($"{100 * accuracy:F1}")))})"));
                yield return new(task, contestant.Name, size, chance, accuracies);
            }
        }
    }

    private static AblationData Read(string trainPath, string? testPath, int size, int seed)
    {
        var context = new MLContext(seed: 1);
        bool hasGroups = File.ReadLines(trainPath).First().Split(',').Contains("Group");
        var options = hasGroups ? new CsvOptions { KeptColumns = ["Group"] } : new CsvOptions();
        var plan = new AblationPlan { GroupColumn = hasGroups ? "Group" : null, TrainingTexts = size, SplitSeed = seed };
        var (reader, train) = (new AblationDataReader(context, plan), context.Attention().LoadCsv(options, trainPath));
        return testPath is null ? reader.Read(train) : reader.Read(train, context.Attention().LoadCsv(options, testPath));
    }
}
