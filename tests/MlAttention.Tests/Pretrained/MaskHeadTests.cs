using System.Text.Json;
using System.Text.Json.Nodes;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Pretrained;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Pretrained;

/// <summary>The heads of BertForMaskedLM, DistilBertForMaskedLM and RobertaForMaskedLM, against make_golden_pretrained.py.</summary>
public sealed class MaskHeadTests
{
    private static readonly string[] s_names = ["bert-masked", "distilbert-masked", "roberta-masked"];

    public static TheoryData<string> Names => [.. s_names];

    public static TheoryData<string, EngineKind> Checkpoints()
    {
        var data = new TheoryData<string, EngineKind>();
        foreach (string name in s_names)
            foreach (var engine in new[] { EngineKind.Managed, EngineKind.TorchSharp }) data.Add(name, engine);
        return data;
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Load_HeadOfMaskedTokens_GivesTheReferencesLogits(string name, EngineKind engine)
    {
        var encoder = PretrainedEncoder.Load(CheckpointFolder.Golden(name));
        using var golden = JsonDocument.Parse(File.ReadAllText(CheckpointFolder.Golden(name) + ".json"));

        foreach (var item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            double[][] expected = [.. item.GetProperty("logits").EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetDouble()).ToArray())];
            double largest = expected.Max(row => row.Max(Math.Abs));
            int[] ids = [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            float[] logits = Logits(encoder, engine, ids);
            int vocabulary = encoder.Tokenizer.VocabularySize;
            for (int place = 0; place < ids.Length; place++)
                for (int token = 0; token < vocabulary; token++)
                    Assert.Equal(expected[place][token], logits[place * vocabulary + token], 1e-5 * largest);
        }
    }

    /// <summary>Written again it is ...ForMaskedLM of the same tensors; of word embeddings and bias the rows that the tokenizer has.</summary>
    [Theory, MemberData(nameof(Names))]
    public void SaveHuggingFace_HeadOfMaskedTokens_IsThatOfTransformers(string name)
    {
        using var folder = new CheckpointFolder(name);
        var encoder = folder.Load();

        encoder.SaveHuggingFace(folder.Beside("written"));

        var found = PretrainedEncoder.Load(folder.Beside("written"));
        Assert.Equal(["head.dense.weight", "head.dense.bias", "head.norm.weight", "head.norm.bias", "head.bias"], encoder.MaskHeadWeights.Select(weight => weight.Name));
        Assert.Equal(encoder.MaskHeadWeights.Select(weight => (weight.Name, Bits(weight))), found.MaskHeadWeights.Select(weight => (weight.Name, Bits(weight))));
        Assert.Equal(encoder.Weights.Select(Bits), found.Weights.Select(Bits));
        Assert.Equal(encoder.Architecture, found.Architecture);
        Assert.Empty(found.HeadWeights);
        Assert.Equal(Architecture(folder["config.json"]), Architecture(Path.Combine(folder.Beside("written"), "config.json")));
        Assert.Equal(Tensors(folder["model.safetensors"]), Tensors(Path.Combine(folder.Beside("written"), "model.safetensors")));

        static string Architecture(string path) => JsonNode.Parse(File.ReadAllText(path))!["architectures"]![0]!.GetValue<string>();

        static string[] Tensors(string path)
        {
            using var reader = SafetensorsReader.Open(path);
            return [.. reader.Names.Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void Load_MatrixThatIsNotTheEmbeddings_HasNoHead()
    {
        using var folder = new CheckpointFolder("bert-masked");
        folder.Set("tie_word_embeddings", "false");

        Assert.Empty(folder.Load().MaskHeadWeights);
    }

    [Fact]
    public void Load_PartOfTheHeadMissing_NamesTheTensor()
    {
        using var folder = new CheckpointFolder("distilbert-masked");
        WeightTensor[] tensors;
        using (var reader = SafetensorsReader.Open(folder["model.safetensors"])) tensors = [.. reader.Names.Where(name => name != "vocab_layer_norm.bias").Select(reader.Read)];
        SafetensorsFile.Write(folder["model.safetensors"], tensors);

        Assert.Contains("the tensor 'vocab_layer_norm.bias' is missing", Assert.Throws<InvalidDataException>(folder.Load).Message, StringComparison.Ordinal);
    }

    /// <summary>An encoder from nothing is BERT's, follows from the seed, and is the same again after it was written.</summary>
    [Fact]
    public void New_EncoderFromNothing_IsEqualToTheBitWhenReadAgain()
    {
        using var folder = new CheckpointFolder("bert");
        var tokenizer = PretrainedTokenizer.Learn(["the cat was not good", "a film, very good"], maxSize: 40);
        var architecture = MaskedLanguageModel.Bert(new() { ModelWidth = 12, Layers = 3, Heads = 2, FeedForwardWidth = 17, MaxLength = 13, Dropout = 0.2 });
        var encoder = MaskedLanguageModel.New("mine", tokenizer, architecture, seed: 5);

        encoder.SaveHuggingFace(folder.Beside("mine"));
        var found = PretrainedEncoder.Load(folder.Beside("mine"));

        Assert.Equal((encoder.Name, encoder.ModelType, encoder.Architecture), (found.Name, found.ModelType, found.Architecture));
        Assert.Equal(encoder.Weights.Select(Bits), found.Weights.Select(Bits));
        Assert.Equal(tokenizer.Encode("the good cats"), found.Tokenizer.Encode("the good cats"));
        Assert.Equal(encoder.Weights.Select(Bits), MaskedLanguageModel.New("again", tokenizer, architecture, seed: 5).Weights.Select(Bits));
        Assert.NotEqual(encoder.Weights.Select(Bits), MaskedLanguageModel.New("other", tokenizer, architecture, seed: 6).Weights.Select(Bits));
        double[] spreads = [.. new[] { "embedding.weight", "positions.weight" }.Select(name => encoder.Weights.Single(weight => weight.Name == name).Values.Where(value => value != 0).Select(value => (double)value * value).Average())];
        Assert.All(spreads, spread => Assert.InRange(spread * 12, 0.6, 1.5));       // tokens and positions are equally large: variance 1 / D
    }

    private static float[] Logits(PretrainedEncoder encoder, EngineKind engine, int[] ids)
    {
        var model = MaskedLanguageModel.Of(encoder.Architecture);
        int vocabulary = encoder.Tokenizer.VocabularySize;
        var factory = new EngineFactory(engine == EngineKind.Managed ? new ManagedEngineProvider() : new TorchSharpProvider());
        var scorer = factory.CreateScorer(new EngineConfiguration(model, TokenIds.EmbeddingRows(vocabulary, model), vocabulary), [.. encoder.Weights, .. encoder.MaskHeadWeights]);
        float[] logits = new float[ids.Length * vocabulary];
        scorer.Score(GoldenCheckpointTests.Batch([ids]), logits);
        return logits;
    }

    private static string Bits(WeightTensor weight) => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weight.Values.AsSpan()));
}
