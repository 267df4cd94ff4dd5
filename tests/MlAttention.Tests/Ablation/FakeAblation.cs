using System.Collections.Concurrent;
using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation;

/// <summary>Small data and a trainer that does not train: it is right with a probability that depends on the setup.</summary>
internal static class FakeAblation
{
    public static AblationPlan Plan { get; } = new()
    {
        Positions = [PositionScheme.None, PositionScheme.Sinusoidal, PositionScheme.Learned],
        Masks = [MaskKind.Bidirectional, MaskKind.Causal],
        Encoders = [EncoderKind.Attention, EncoderKind.Lstm],
        Shuffling = [TokenShuffling.None, TokenShuffling.Test],
        Seeds = [1, 2, 3, 4, 5, 6],
        ShuffleSeeds = 2,
        BootstrapSamples = 200,
        GroupColumn = "Group",
    };

    private static readonly string[] s_vocabulary = ["a", "b", "c", "d", "e"];

    public static AblationData Data { get; } = WithTestTexts(90);

    private static readonly Func<BaselineKind, int, (int[], int)> s_baselines = BaselinesOf(Data);

    public static OrderingAblationReport Report(AblationPlan? plan = null)
    {
        plan ??= Plan;
        var runs = new AblationRunner(plan, new FakeTrainer(Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        return Report(plan, runs);
    }

    public static OrderingAblationReport Report(AblationPlan plan, IReadOnlyList<AblationRun> runs) =>
        new AblationAnalysis(plan, Data, runs) { RunBaseline = s_baselines }.Report(Data.Summarize("fake.csv"), Environment, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 1234.5);

    /// <summary>The real baselines of a data set, each trained once.</summary>
    public static Func<BaselineKind, int, (int[] Predictions, int Parameters)> BaselinesOf(AblationData data)
    {
        var trained = new ConcurrentDictionary<(BaselineKind, int), (int[], int)>();
        return (kind, seed) => trained.GetOrAdd((kind, seed), _ => BaselineRunner.Run(kind, data, seed));
    }

    public static RunEnvironment Environment { get; } = new(
        Version: "1.2.3", Libraries: "ML.NET 5.0.1, TorchSharp 0.107.0, libtorch 2.10.0", Runtime: ".NET 10", System: "an | system", Processor: "a processor", Cores: 2, Vectors: "256 bit");

    /// <summary>Test texts in groups of three, one of each class.</summary>
    public static AblationData WithTestTexts(int rows)
    {
        var test = Texts(rows);
        string[] texts = [.. Enumerable.Range(0, rows).Select(row => string.Join(' ', test.Row(row).ToArray().Select(token => s_vocabulary[token - 1])))];
        return new(Texts(rows: 60), test, Classes: ["left", "right", "<script>alert(1)</script>"], Vocabulary: s_vocabulary) { TestTexts = texts };
    }

    private static TokenDataset Texts(int rows)
    {
        var builder = new TokenDatasetBuilder(vocabularySize: 5, classCount: 3, maxTokens: 100, TruncationSide.KeepStart);
        for (int row = 0; row < rows; row++)
            builder.Add([.. Enumerable.Range(0, 3 + row % 5).Select(i => 1 + (row / 3 + i * i) % 5)], row % 3, group: row / 3);
        return builder.Build();
    }
}

internal sealed class FakeTrainer(AblationData data) : IAblationTrainer
{
    public List<(AblationSetup Setup, int Seed)> Trained { get; } = [];

    public Func<AblationSetup, int, bool> Fails { get; init; } = (_, _) => false;

    public AblationRun Train(AblationSetup setup, int seed, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Trained.Add((setup, seed));
        if (Fails(setup, seed)) throw new InvalidOperationException("it broke");
        bool blind = setup is { Encoder: EncoderKind.Attention, Mask: MaskKind.Bidirectional } and ({ Positions: PositionScheme.None } or { ClipDistance: 0 });
        double skill = blind ? 0 : setup.Positions == PositionScheme.None ? 0.8 : 0.95;
        EpochRecord[] history = [.. Enumerable.Range(1, 4).Select(epoch => new EpochRecord(epoch, 1.0 / epoch, 1.1 / epoch, (1 / 3.0) + skill * epoch / 8))];
        foreach (var epoch in history) epochs(epoch);
        return new()
        {
            Setup = setup,
            Seed = seed,
            Engine = "Fake",
            Parameters = 1234,
            TrainingSeconds = 1.5,
            Epochs = history,
            BestEpoch = 4,
            Predictions = Predict(setup, seed, skill, "in order"),
            ShuffledPredictions = [.. Enumerable.Range(1, 2).Select(shuffle => blind ? Predict(setup, seed, skill, "in order") : Predict(setup, seed, 0.2, $"shuffle {shuffle}"))],
            ReversedPredictions = Predict(setup, seed, skill / 2, blind ? "in order" : "reversed"),
            LabelProbabilities = LabelProbabilities.Of(Scores(Predict(setup, seed, skill, "in order"), 0.5 + skill / 2)),
            LogLoss = 1 - skill,
            LargestLogitChange = blind ? 2e-6 : 3.5,
        };
    }

    // The predicted class gets a probability, the others share the rest.
    private TextScores Scores(int[] predictions, double probability) => new(
        [.. predictions.SelectMany(prediction => Enumerable.Range(0, 3).Select(c => (float)Math.Log(c == prediction ? probability : (1 - probability) / 2)))], data.Test.Labels, classes: 3);

    // Without order all texts of a group get one answer.
    private int[] Predict(AblationSetup setup, int seed, double skill, string purpose) =>
    [
        .. data.Test.Labels.Select((label, row) =>
        {
            if (skill == 0) return Xoshiro256.For(seed, purpose, row / 3).NextInt(3);
            var random = Xoshiro256.For(seed, setup.Name + purpose, row);
            return random.NextDouble() < skill ? label : random.NextInt(3);
        }),
    ];
}
