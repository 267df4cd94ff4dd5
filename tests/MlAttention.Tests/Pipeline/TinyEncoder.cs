using System.Text;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Pipeline;

/// <summary>A made-up encoder of BERT's family over the words of <see cref="TinyTexts"/>, so small that tests train it in a moment.</summary>
internal static class TinyEncoder
{
    /// <summary>The vocabulary: special tokens, words, and letters with which any other word is spelt.</summary>
    public static readonly string[] Tokens =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. TinyTexts.Words.SelectMany(words => words), ",", .. Letters(""), .. Letters("##")];

    public static readonly SequenceModelOptions Architecture = new()
    {
        ModelWidth = 8, Heads = 2, Layers = 2, FeedForwardWidth = 11, MaxLength = 13, Dropout = 0.1, Norm = NormPlacement.Post, LayerNormEpsilon = 1e-12,
        Positions = PositionScheme.Learned, PositionDetails = new() { LearnedRows = 17 },
        ScaleEmbeddings = false, EmbeddingNorm = true, TokenTypes = 2, KeepBoundaries = true, Pooling = PoolingKind.Mean,
    };

    /// <summary>The encoder: all tests may share it.</summary>
    public static PretrainedEncoder Shared { get; } = Create();

    /// <summary>A tokenizer that is made from its files.</summary>
    public static PretrainedTokenizer Tokenizer() => PretrainedTokenizer.FromFiles(new Dictionary<string, byte[]>
    {
        ["vocab.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', Tokens) + "\n"),
        ["tokenizer_config.json"] = "{\"do_lower_case\": true, \"tokenizer_class\": \"BertTokenizer\"}"u8.ToArray(),
    });

    /// <summary>An encoder of the seed's weights.</summary>
    public static PretrainedEncoder Create(int seed = 5, PretrainedTokenizer? tokenizer = null) =>
        new("tiny", "bert", Architecture, tokenizer ?? Tokenizer(), Weights(Architecture, 0, seed));

    /// <summary>An encoder of another architecture.</summary>
    public static PretrainedEncoder Of(string name, SequenceModelOptions architecture) => new(name, "bert", architecture, Tokenizer(), Weights(architecture, 0, seed: 5));

    /// <summary>An encoder that was trained as a classifier of the labels.</summary>
    public static PretrainedEncoder Classifier(params string[] labels)
    {
        var architecture = Architecture with { Head = HeadKind.Tanh, Pooling = PoolingKind.First };
        var weights = Weights(architecture, labels.Length, seed: 7).ToLookup(weight => weight.Name.StartsWith("head.", StringComparison.Ordinal));
        return new("tiny-classifier", "bert", architecture, Tokenizer(), [.. weights[false]]) { Labels = labels, HeadWeights = [.. weights[true]] };
    }

    /// <summary>Fine-tuning that takes a moment.</summary>
    public static AttentionClassifierOptions Options(PretrainedEncoder? encoder = null)
    {
        var options = new AttentionClassifierOptions(encoder ?? Shared);
        return options with { Training = options.Training with { Seed = 3, Epochs = 2, Optimizer = options.Training.Optimizer with { LearningRate = 0.003 }, Compute = new() { Threads = 1 } } };
    }

    /// <summary>Training that leaves the weights as they start.</summary>
    public static AttentionClassifierOptions Untrained(PretrainedEncoder encoder)
    {
        var options = Options(encoder);
        return options with { Training = options.Training with { Epochs = 1, Optimizer = options.Training.Optimizer with { LearningRate = 1e-30 } } };
    }

    /// <summary>Different values everywhere, so that no weight stands for another; the rows of padding and of the unknown token are zero.</summary>
    private static WeightTensor[] Weights(SequenceModelOptions architecture, int classes, int seed)
    {
        var random = new Random(seed);
        return [.. WeightLayout.Of(architecture, Tokens.Length + 2, classes).Select(shape =>
        {
            var values = new float[shape.Count];
            for (var i = 0; i < values.Length; i++) values[i] = (shape.Name.Contains("norm", StringComparison.Ordinal) && shape.Name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0) + (random.NextSingle() - 0.5f) * 0.8f;
            if (shape.Name == WeightLayout.EmbeddingName)
            {
                values.AsSpan(0, architecture.ModelWidth).Clear();
                values.AsSpan(values.Length - architecture.ModelWidth).Clear();
            }

            return new WeightTensor(shape.Name, shape.Shape, values);
        })];
    }

    private static IEnumerable<string> Letters(string prefix) => Enumerable.Range('a', 26).Select(letter => $"{prefix}{(char)letter}");
}
