using System.Text;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Ablation;

/// <summary>A BERT of one layer with weights from a seed, and texts for it.</summary>
internal static class TinyEncoder
{
    private const string Vocabulary = "[PAD] [UNK] [CLS] [SEP] [MASK] the baker nurse tu ##tor met and at noon quick ##ly again . , !";

    public static SequenceModelOptions Architecture { get; } = new()
    {
        ModelWidth = 16,
        Heads = 2,
        Layers = 1,
        FeedForwardWidth = 32,
        Norm = NormPlacement.Post,
        LayerNormEpsilon = 1e-12,
        Activation = ActivationKind.Gelu,
        ScaleEmbeddings = false,
        EmbeddingNorm = true,
        TokenTypes = 2,
        Positions = PositionScheme.Learned,
        PositionDetails = new() { LearnedRows = 160 },
        MaxLength = 160,
        KeepBoundaries = true,
        Pooling = PoolingKind.Mean,
    };

    public static PretrainedEncoder Create(int seed = 1)
    {
        string[] tokens = Vocabulary.Split(' ');
        var tokenizer = PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', tokens) + "\n") });
        return Of("bert", tokenizer, seed);
    }

    /// <summary>The same architecture over another tokenizer.</summary>
    public static PretrainedEncoder Of(string modelType, PretrainedTokenizer tokenizer, int seed = 1) =>
        new("tiny", modelType, Architecture, tokenizer, WeightInitializer.Create(WeightLayout.Of(Architecture, tokenizer.Tokens.Count + 2, classes: 0), seed));

    /// <summary>A plan of seconds.</summary>
    public static AblationPlan Plan { get; } = AblationPlan.FullPretrained with
    {
        Pretrained = Create(),
        PretrainedDetails = new()
        {
            Encoder = MlAttention.PretrainedIdentity.Of(Create()),
            Variants = Enum.GetValues<PretrainedVariant>(),
            LearningRates = [1e-3, 4e-3],
            GradedShuffles = 1,
            Permutations = 4,
            PermutationTexts = 24,
            GateTexts = 3,
        },
        Seeds = [1, 2],
        Epochs = 2,
        ShuffleSeeds = 2,
        BootstrapSamples = 100,
        TestFraction = 0.3,
        GroupColumn = "Group",
    };

    /// <summary>Who acts, of three people; each sentence in the six arrangements of its people.</summary>
    public static IReadOnlyList<TextRow> Rows { get; } =
    [
        .. Enumerable.Range(0, 16).SelectMany(group => new[] { "baker nurse tutor", "baker tutor nurse", "nurse baker tutor", "nurse tutor baker", "tutor baker nurse", "tutor nurse baker" }.Select(order =>
        {
            string[] people = order.Split(' ');
            string end = string.Concat(new[] { " quickly", " again", " at noon", "" }[group % 4], new[] { ".", "!", ", again.", " again and again." }[group / 4]);
            return new TextRow { Text = $"The {people[0]} met the {people[1]} and the {people[2]}{end}", Label = people[0], Group = $"{group}" };
        })),
    ];

    internal sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public string Group { get; set; } = "";
    }
}
