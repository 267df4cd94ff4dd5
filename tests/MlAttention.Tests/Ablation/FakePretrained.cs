using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Orders;
using MlAttention.Ablation.Plan;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Ablation;

/// <summary>A pretrained encoder's ablation without an encoder: answers come from a rule that sees order as far as the variant does.</summary>
internal static class FakePretrained
{
    private static readonly string[] s_people = ["baker", "nurse", "tutor"];

    public static AblationPlan Plan { get; } = AblationPlan.FullPretrained with
    {
        PretrainedDetails = new() { Encoder = new("tiny", "bert", 8, 2, 2, 300, 40, 1234, new string('a', 64)), Variants = Enum.GetValues<PretrainedVariant>(), Permutations = 6, PermutationTexts = 60 },
        Model = new() { Positions = PositionScheme.Learned, PositionDetails = new() { LearnedRows = 300 }, TokenTypes = 2 },
        ShuffleSeeds = 3,
        BootstrapSamples = 200,
        GroupColumn = "Group",
        Baselines = [BaselineKind.Majority, BaselineKind.LengthOnly, BaselineKind.BagOfWords, BaselineKind.BagOfBigrams],
    };

    /// <summary>Who acts, of the three: each sentence in all six arrangements of its people.</summary>
    public static AblationData Data { get; } = Texts(trainingGroups: 10, testGroups: 15);

    private static readonly Func<BaselineKind, int, (int[], int)> s_baselines = FakeAblation.BaselinesOf(Data);

    public static OrderingAblationReport Report(AblationPlan? plan = null, Func<AblationRun, AblationRun>? change = null)
    {
        plan ??= Plan;
        var runs = new AblationRunner(plan, new FakePretrainedTrainer(plan, Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        return Report(plan, [.. runs.Select(run => change?.Invoke(run) ?? run)]);
    }

    public static OrderingAblationReport Report(AblationPlan plan, IReadOnlyList<AblationRun> runs) =>
        new AblationAnalysis(plan, Data, runs) { RunBaseline = s_baselines }.Report(Data.Summarize("fake.csv"), FakeAblation.Environment, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 1234.5);

    private static AblationData Texts(int trainingGroups, int testGroups)
    {
        string[] vocabulary = [.. s_people, "met", "and", "quickly", "the", "."];
        var words = new List<string[]>();
        var builders = new[] { trainingGroups, testGroups }.Select(_ => new TokenDatasetBuilder(vocabulary.Length, classCount: 3, maxTokens: 50, TruncationSide.KeepStart)).ToArray();
        for (int group = 0; group < trainingGroups + testGroups; group++)
            foreach (int[] people in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            {
                string[] text = ["the", s_people[people[0]], .. Enumerable.Repeat("quickly", group % 5), "met", "the", s_people[people[1]], "and", "the", s_people[people[2]], "."];
                words.Add(text);
                builders[group < trainingGroups ? 0 : 1].Add([.. text.Select(word => 1 + Array.IndexOf(vocabulary, word))], people[0], group: group);
            }
        return new(builders[0].Build(), builders[1].Build(), s_people, vocabulary) 
        {
            TestTexts = [.. words.Skip(6 * trainingGroups).Select(text => string.Join(' ', text))], Words = new([.. words.Take(6 * trainingGroups)], [.. words.Skip(6 * trainingGroups)], 0),
        };
    }
}

internal sealed class FakePretrainedTrainer(AblationPlan plan, AblationData data) : IAblationTrainer
{
    public AblationRun Train(AblationSetup setup, int seed, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        var variant = setup.Pretrained!.Value;
        var details = plan.PretrainedDetails!;
        bool blind = variant.IsOrderBlind();
        double skill = blind ? 0 : variant switch { PretrainedVariant.Ordered => 0.97, PretrainedVariant.Fresh => 0.9, _ => 0.1 };
        EpochRecord[] history = [.. Enumerable.Range(1, 3).Select(epoch => new EpochRecord(epoch, 1.0 / epoch, 1.1 / epoch, 1 / 3.0 + skill * epoch / 6))];
        foreach (var epoch in history) epochs(epoch);
        int[] inOrder = Predict(WordArrangement.InOrder, 0), texts = PretrainedTester.TextsOfPermutations(data.Test, details.PermutationTexts);
        int[][] permuted = [.. Enumerable.Range(0, details.Permutations).Select(draw => Predict(WordArrangement.Shuffled, draw))];
        bool measures = variant != PretrainedVariant.Sorted;
        return new()
        {
            Setup = setup,
            Seed = seed,
            Engine = "Fake",
            Parameters = 1234,
            TrainingSeconds = 1.5,
            Epochs = history,
            BestEpoch = 3,
            Predictions = inOrder,
            ShuffledPredictions = measures ? permuted[..plan.ShuffleSeeds] : [],
            LogLoss = 1 - skill,
            LargestLogitChange = blind ? 2e-6 : 3.5,
            Pretrained = new()
            {
                LearningRate = blind ? 2e-4 : 5e-5,
                Answers =
                [
                    .. plan.Variants().Select(row => row.Pretrained!.Value)
                        .Where(other => other.Trained() == variant && (other is PretrainedVariant.TestZero or PretrainedVariant.TestShifted || other.Arrangement() is not (WordArrangement.InOrder or WordArrangement.Shuffled or WordArrangement.Sorted)))
                        .Select(other => new VariantAnswers(other, other.Arrangement().IsRandom() ? [Predict(other.Arrangement(), 0), Predict(other.Arrangement(), 1)] : [Predict(WordArrangement.Shuffled, 9)])),
                ],
                PermutationTexts = measures ? texts : [],
                PermutationsRight = measures ? [.. texts.Select(text => permuted.Count(answers => answers[text] == data.Test.Labels[text]))] : [],
                PermutationsSame = measures ? [.. texts.Select(text => permuted.Count(answers => answers[text] == inOrder[text]))] : [],
                Confidence = 0.9,
                ShuffledConfidence = 0.8,
                EqualBags = measures ? new(15, 60, blind ? 3e-7 : 0.4) : null,
            },
        };

        // Who comes first acts; a blind model has one answer for all arrangements of a group.
        int[] Predict(WordArrangement arrangement, int draw) =>
        [
            .. data.Words!.Test.Select((words, row) =>
            {
                if (blind) return Xoshiro256.For(seed, "blind", row / 6).NextInt(3);
                if (Xoshiro256.For(seed, setup.Name + arrangement, row).NextDouble() > skill) return Xoshiro256.For(seed, setup.Name, row).NextInt(3);
                int[] order = WordArranger.Order(arrangement, words, OrderDraw.OfTest(draw).For(row));
                return order.Select(place => Array.IndexOf([.. data.Classes], words[place])).First(person => person >= 0);
            }),
        ];
    }
}
