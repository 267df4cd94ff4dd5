using Google.Protobuf;
using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Onnx.Network;
using MlAttention.Tests.Engines.Managed;

namespace MlAttention.Tests.Onnx;

/// <summary>MiniLM with a head, as fine-tuning gives it, written as ONNX: fed with Hugging Face's ids, it gives the managed engine's logits.</summary>
public sealed class MiniLmOnnxTests(MiniLmOnnxTests.HeadedModel model) : IClassFixture<MiniLmOnnxTests.HeadedModel>
{
    private static readonly string[] s_texts =
    [
        "", "hello", "The cat chased a dog.", "\u00dcn\u00efcode accents & numbers 12345, unbelievably long-winded!", "1 < 2 + 3 = $5 \U0001F642",
        string.Join(' ', Enumerable.Repeat("not every review that begins well ends well", 20)),
    ];

    /// <summary>What is allowed of the largest logit; 16 bits keep 11 of a weight's.</summary>
    [Theory]
    [InlineData(OnnxPrecision.Float32, 1e-5)]
    [InlineData(OnnxPrecision.Float16, 2e-3)]
    public void Logits_PaddedBatchOfHuggingFaceIds_AreTheManagedEngines(OnnxPrecision precision, double tolerance)
    {
        int[][] texts = [.. s_texts.Select(model.Encoder.Tokenizer.Encode)];
        int length = texts.Max(ids => ids.Length), classes = model.Configuration.Classes;
        int[] tokens = new int[texts.Length * length];
        long[] ids = new long[tokens.Length], mask = new long[tokens.Length];
        for (int row = 0; row < texts.Length; row++)
        {
            for (int i = 0; i < texts[row].Length; i++)
            {
                (tokens[row * length + i], ids[row * length + i], mask[row * length + i]) = (texts[row][i] + 1, texts[row][i], 1);
            }
        }
        float[] expected = new float[texts.Length * classes];
        TestEngine.Scorer(model.Configuration, model.Weights, lanes: 128)
            .Score(new TokenBatch { Rows = texts.Length, Length = length, Tokens = tokens, Lengths = [.. texts.Select(text => text.Length)] }, expected);

        using var session = new OnnxSession(ClassifierGraph.Of(model.Configuration, model.Weights, precision).ToByteArray());
        var (logits, _) = session.Run(ids, mask, texts.Length);

        double largest = expected.Max(logit => Math.Abs(logit));
        Assert.InRange(expected.Zip(logits, (ours, theirs) => Math.Abs(ours - theirs)).Max() / largest, 0, tolerance);
    }

    /// <summary>The encoder that the build makes, with a head of random weights.</summary>
    public sealed class HeadedModel
    {
        public HeadedModel()
        {
            Encoder = PretrainedEncoder.Load(Path.Combine(AppContext.BaseDirectory, "pretrained", "minilm"));
            var architecture = Encoder.Architecture with { Head = HeadKind.Tanh };
            Configuration = new(architecture, TokenIds.EmbeddingRows(Encoder.Tokenizer.VocabularySize, architecture), Classes: 5);
            var random = new Random(7);
            Weights = [.. Encoder.Weights, Head("head.dense.weight", architecture.ModelWidth, architecture.ModelWidth), Head("head.dense.bias", architecture.ModelWidth), Head("head.weight", 5, architecture.ModelWidth), Head("head.bias", 5)];

            WeightTensor Head(string name, params int[] shape) => new(name, shape, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(_ => 0.2f * (random.NextSingle() - 0.5f))]);
        }

        public PretrainedEncoder Encoder { get; }

        internal EngineConfiguration Configuration { get; }

        internal IReadOnlyList<WeightTensor> Weights { get; }
    }
}
