using MlAttention.Ablation.Runs;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;

namespace MlAttention.Benchmarks.Encoders;

/// <summary>Which symbol stands d tokens after the first? Only the vector of the first token is read, and only the last token matters.</summary>
internal static class RecallTask
{
    public const string Name = "recall";
    public const int Symbols = 8;

    /// <summary>Accuracy by distance.</summary>
    public static IEnumerable<AccuracyPoint> Measure(IReadOnlyList<int> distances, IReadOnlyList<int> seeds, EncoderTraining training) =>
        distances.SelectMany(distance => Contestant.Trained.Where(contestant => contestant != Contestant.Bag).Select(contestant => new AccuracyPoint(Name, contestant.Name, distance, 1.0 / Symbols, [.. seeds.Select(seed =>
        {
            double accuracy = EncoderTraining.Accuracy(Train(contestant, distance, seed, training), Rows(distance, training.TestRows, seed, "test"));
            Console.WriteLine(FormattableString.Invariant($"{Name} {distance} {contestant.Name}, seed {seed}: {accuracy:P1}"));
            return accuracy;
        })])));

    /// <summary>A classifier that was trained on the task.</summary>
    public static TrainedClassifier Train(Contestant contestant, int distance, int seed, EncoderTraining training) =>
        training.Train(contestant.Model with { Pooling = PoolingKind.First }, Rows(distance, training.Steps * EncoderTraining.BatchRows, seed, "train"), seed);

    /// <summary>Random sequences of distance + 1 symbols.</summary>
    public static TokenDataset Rows(int distance, int rows, int seed, string purpose)
    {
        var random = Xoshiro256.For(seed, $"{Name} {purpose}");
        var builder = new TokenDatasetBuilder(Symbols, Symbols, distance + 1, TruncationSide.KeepStart);
        int[] keys = new int[distance + 1];
        for (int row = 0; row < rows; row++)
        {
            for (int token = 0; token < keys.Length; token++) keys[token] = 1 + random.NextInt(Symbols);
            builder.Add(keys, keys[distance] - 1);
        }
        return builder.Build();
    }
}
