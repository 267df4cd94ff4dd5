using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Pretrained;

/// <summary>
/// MiniLM gives what ONNX Runtime gives for the model that its folder is made from. Here every fourth of 200 texts; all of them:
/// <c>dotnet run -c Release --project tests/MlAttention.Benchmarks -- onnx</c>.
/// </summary>
public sealed class OnnxRuntimeTests(OnnxRuntimeTests.SomeTexts texts) : IClassFixture<OnnxRuntimeTests.SomeTexts>
{
    private readonly OnnxComparison _comparison = texts.Comparison;

    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void EncodeTokens_PaddedBatches_EqualTheLastHiddenState(EngineKind engine)
    {
        Assert.Equal((1, OnnxComparison.Longest), (_comparison.Lengths.Min(), _comparison.Lengths.Max()));

        Assert.InRange(_comparison.OfHiddenStates(Provider(engine)), 0, OnnxComparison.Tolerance);
    }

    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Encode_PaddedBatches_EqualTheMeanOfTheLastHiddenState(EngineKind engine) =>
        Assert.InRange(_comparison.OfVectors(Provider(engine)), 0, OnnxComparison.Tolerance);

    [Fact]
    public void Embed_Texts_EqualTheMeanOfTheLastHiddenState()
    {
        string[] sentences = ["The cat chased a dog.", "Ünïcode accents & numbers 12345, unbelievably long-winded!", "hello", "", "1 < 2 + 3 = $5 🙂"];
        var embedder = new TextEmbedder(_comparison.Encoder);
        float[] vectors = new float[sentences.Length * embedder.Dimension];

        embedder.Embed(sentences, vectors);

        for (int text = 0; text < sentences.Length; text++)
        {
            double[] expected = _comparison.Vector(_comparison.Encoder.Tokenizer.Encode(sentences[text]));
            Assert.All(vectors.AsSpan(text * embedder.Dimension, embedder.Dimension).ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, OnnxComparison.Tolerance));
        }
    }

    private static IEngineProvider Provider(EngineKind engine) => engine == EngineKind.Managed ? new ManagedEngineProvider() : new TorchSharpProvider();

    public sealed class SomeTexts : IDisposable
    {
        internal OnnxComparison Comparison { get; } = new(every: 4);

        public void Dispose() => Comparison.Dispose();
    }
}
