using System.Text.Json.Nodes;
using MlAttention.Core.Pretrained;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Pretrained;

/// <summary>What is written is read again equal to the bit, and is what transformers knows.</summary>
public sealed class SaveHuggingFaceTests
{
    private static readonly string[] s_texts = ["", "the cat was not good!", "a film abcd, it is cdab", "\u00e9 \u4e2d\U0001f600"];

    public static TheoryData<string> Checkpoints => [.. CheckpointFolder.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void SaveHuggingFace_WhatWasLoaded_IsEqualToTheBit(string name)
    {
        using var folder = new CheckpointFolder(name);
        var encoder = folder.Load();

        encoder.SaveHuggingFace(folder.Beside("written"));

        RequireEqual(encoder, PretrainedEncoder.Load(folder.Beside("written")));
        encoder.SaveHuggingFace(folder.Beside("written"));
        RequireEqual(encoder, PretrainedEncoder.Load(folder.Beside("written")));
        Assert.Equal(Directory.GetDirectories(Path.GetDirectoryName(folder.Folder)!).Select(path => Path.GetFileName(path)).Order(), new[] { name, "written" }.Order());
    }

    /// <summary>The names and shapes are those of the checkpoint that was read, as transformers wrote it; weights alone, and F32.</summary>
    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void SaveHuggingFace_Tensors_HaveTheNamesOfTransformers(string name)
    {
        using var folder = new CheckpointFolder(name);
        string[] unasked = ["embeddings.position_ids", "pooler.dense.bias", "vocab_projector.bias"];
        var given = Directory.GetFiles(folder.Folder, "*.safetensors").SelectMany(Shapes).Where(tensor => !unasked.Contains(tensor.Name)).ToArray();

        folder.Load().SaveHuggingFace(folder.Beside("written"));

        var written = Shapes(Path.Combine(folder.Beside("written"), "model.safetensors"));
        string prefix = name == "distilbert" ? "distilbert." : "";              // an encoder alone is written as such, without a prefix
        var expected = given.Select(tensor => (Name: tensor.Name[(tensor.Name.StartsWith(prefix, StringComparison.Ordinal) ? prefix.Length : 0)..]
            .Replace("LayerNorm.gamma", "LayerNorm.weight", StringComparison.Ordinal).Replace("LayerNorm.beta", "LayerNorm.bias", StringComparison.Ordinal), tensor.Shape));
        string words = prefix.Length > 0 || name is "bert" or "roberta" ? "embeddings.word_embeddings.weight" : "";
        Assert.Equal(expected.Where(tensor => tensor.Name != words).OrderBy(tensor => tensor.Name, StringComparer.Ordinal),
            written.Where(tensor => tensor.Name != words).OrderBy(tensor => tensor.Name, StringComparer.Ordinal));

        static (string Name, string Shape)[] Shapes(string path)
        {
            using var reader = SafetensorsReader.Open(path);
            return [.. reader.Names.Select(tensor => (tensor, string.Join(',', reader.ShapeOf(tensor)!)))];
        }
    }

    [Fact]
    public void SaveHuggingFace_Classifier_TellsTransformersItsClassAndLabels()
    {
        using var folder = new CheckpointFolder("roberta-classifier");

        folder.Load().SaveHuggingFace(folder.Beside("written"));

        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Beside("written"), "config.json")))!;
        Assert.Equal("RobertaForSequenceClassification", config["architectures"]![0]!.GetValue<string>());
        Assert.Equal("positive", config["id2label"]!["2"]!.GetValue<string>());
        Assert.Equal(2, config["label2id"]!["positive"]!.GetValue<int>());
        Assert.Equal((17, 13, 1), (config["vocab_size"]!.GetValue<int>(), config["max_position_embeddings"]!.GetValue<int>(), config["pad_token_id"]!.GetValue<int>()));
        Assert.Null(config["mlattention"]);
        Assert.False(File.Exists(Path.Combine(folder.Beside("written"), "modules.json")));
    }

    /// <summary>A linear head over the mean has no class in transformers: an encoder that it opens, and the head beside it.</summary>
    [Theory]
    [InlineData(PoolingKind.Mean, HeadKind.Linear)]
    [InlineData(PoolingKind.Max, HeadKind.Tanh)]
    [InlineData(PoolingKind.First, HeadKind.Relu)]
    [InlineData(PoolingKind.Attention, HeadKind.Linear)]
    public void SaveHuggingFace_HeadThatTransformersLacks_IsReadAgain(PoolingKind pooling, HeadKind head)
    {
        using var folder = new CheckpointFolder("bert");
        var classifier = Classifier(folder.Load(), pooling, head);

        classifier.SaveHuggingFace(folder.Beside("written"));

        RequireEqual(classifier, PretrainedEncoder.Load(folder.Beside("written")));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Beside("written"), "config.json")))!;
        Assert.Equal("BertModel", config["architectures"]![0]!.GetValue<string>());
        Assert.Equal(pooling.ToString(), config["mlattention"]!["pooling"]!.GetValue<string>());
        using var reader = SafetensorsReader.Open(Path.Combine(folder.Beside("written"), "model.safetensors"));
        Assert.True(reader.Has("embeddings.word_embeddings.weight"));
        Assert.True(reader.Has("mlattention.head.weight"));
        Assert.Equal(head != HeadKind.Linear, reader.Has("mlattention.head.dense.weight"));
        Assert.Equal(pooling != PoolingKind.Attention, File.Exists(Path.Combine(folder.Beside("written"), "modules.json")));
    }

    [Fact]
    public void SaveHuggingFace_CutAtTheStart_IsReadAgain()
    {
        using var folder = new CheckpointFolder("bert-classifier");
        var encoder = folder.Load();
        encoder = With(encoder, encoder.Architecture with { Truncation = TruncationSide.KeepEnd });

        encoder.SaveHuggingFace(folder.Beside("written"));

        RequireEqual(encoder, PretrainedEncoder.Load(folder.Beside("written")));
    }

    [Fact]
    public void SaveHuggingFace_ArchitectureOfNoFamily_NamesEveryOption()
    {
        using var folder = new CheckpointFolder("distilbert");
        var encoder = folder.Load();

        string message = Assert.Throws<ArgumentException>(() => ModelConfigWriter.RequireForm(ModelFamily.DistilBert,
            encoder.Architecture with { Norm = NormPlacement.Pre, Positions = PositionScheme.None, Pooling = PoolingKind.Cls, ScaleEmbeddings = true })).Message;

        foreach (string option in new[] { "Norm", "Positions", "Pooling", "ScaleEmbeddings", "family distilbert" }) Assert.Contains(option, message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveHuggingFace_FolderWithOtherFiles_IsRefusedAndStays()
    {
        using var folder = new CheckpointFolder("bert");
        var encoder = folder.Load();
        File.WriteAllText(folder["README.md"], "mine");
        string[] before = Directory.GetFileSystemEntries(folder.Folder);

        string message = Assert.Throws<IOException>(() => encoder.SaveHuggingFace(folder.Folder)).Message;

        Assert.Contains("has 'README.md', which is not of a model that this would replace", message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Folder));
        Assert.Contains("is a file", Assert.Throws<IOException>(() => encoder.SaveHuggingFace(folder["config.json"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FailsHalfway_LeavesTheOldFolderAndNoOther()
    {
        using var folder = new CheckpointFolder("bert");
        byte[] before = File.ReadAllBytes(folder["config.json"]);

        Assert.Throws<IOException>(() => AtomicFolder.Write(folder.Folder, _ => true, target =>
        {
            File.WriteAllText(Path.Combine(target, "config.json"), "half");
            throw new IOException("disk full");
        }));

        Assert.Equal(before, File.ReadAllBytes(folder["config.json"]));
        Assert.Equal([folder.Folder], Directory.GetDirectories(Path.GetDirectoryName(folder.Folder)!));
    }

    [Fact]
    public void SaveHuggingFace_FoldersAbove_AreMade()
    {
        using var folder = new CheckpointFolder("roberta");

        folder.Load().SaveHuggingFace(Path.Combine(folder.Beside("a"), "b", "c") + Path.DirectorySeparatorChar);

        Assert.Equal("c", PretrainedEncoder.Load(Path.Combine(folder.Beside("a"), "b", "c")).Name);
    }

    private static PretrainedEncoder Classifier(PretrainedEncoder encoder, PoolingKind pooling, HeadKind head)
    {
        string[] labels = ["no", "yes \"\u4e2d\"", "perhaps"];
        var architecture = encoder.Architecture with { Pooling = pooling, Head = head, Dropout = 0.25 };
        int rows = encoder.Tokenizer.VocabularySize + 2;
        var known = encoder.Weights.Select(weight => weight.Name).ToHashSet();
        var added = WeightInitializer.Create(WeightLayout.Of(architecture, rows, labels.Length), seed: 3).Where(weight => !known.Contains(weight.Name)).ToLookup(weight => weight.Name.StartsWith("head.", StringComparison.Ordinal));
        return new PretrainedEncoder("written", encoder.ModelType, architecture, encoder.Tokenizer, [.. encoder.Weights, .. added[false]])
        {
            Labels = labels,
            HeadWeights = [.. added[true]],
            Normalizes = encoder.Normalizes && pooling != PoolingKind.Attention,
        };
    }

    private static PretrainedEncoder With(PretrainedEncoder encoder, SequenceModelOptions architecture) =>
        new(encoder.Name, encoder.ModelType, architecture, encoder.Tokenizer, encoder.Weights) { Labels = encoder.Labels, HeadWeights = encoder.HeadWeights, Normalizes = encoder.Normalizes };

    private static void RequireEqual(PretrainedEncoder expected, PretrainedEncoder found)
    {
        Assert.Equal((expected.ModelType, expected.Normalizes, expected.Architecture), (found.ModelType, found.Normalizes, found.Architecture));
        Assert.Equal(expected.Labels, found.Labels);
        foreach (var (one, other) in new[] { (expected.Weights, found.Weights), (expected.HeadWeights, found.HeadWeights) })
        {
            Assert.Equal(one.Select(weight => weight.Name), other.Select(weight => weight.Name));
            Assert.Equal(one.Select(weight => weight.Shape), other.Select(weight => weight.Shape));
            Assert.Equal(one.Select(Bits), other.Select(Bits));
        }
        Assert.Equal(expected.Tokenizer.Tokens, found.Tokenizer.Tokens);
        foreach (var (file, bytes) in expected.Tokenizer.Files) Assert.Equal(bytes, found.Tokenizer.Files[file]);
        int[][] ids = [.. s_texts.Select(found.Tokenizer.Encode)];
        Assert.Equal(s_texts.Select(expected.Tokenizer.Encode), ids);
        Assert.Equal(Scores(expected, ids), Scores(found, ids));
    }

    private static int[] Bits(WeightTensor weight) => Array.ConvertAll(weight.Values, BitConverter.SingleToInt32Bits);

    private static int[] Scores(PretrainedEncoder encoder, int[][] ids)
    {
        var batch = GoldenCheckpointTests.Batch([.. ids.Select(row => row.Length <= encoder.Architecture.MaxLength ? row : row[..encoder.Architecture.MaxLength])]);
        var scorer = GoldenCheckpointTests.Scorer(encoder, EngineKind.Managed);
        float[] pooled = new float[batch.Rows * encoder.Architecture.ModelWidth], logits = new float[batch.Rows * encoder.Labels.Count];
        scorer.Encode(batch, pooled);
        if (logits.Length > 0) scorer.Score(batch, logits);
        return [.. pooled.Concat(logits).Select(BitConverter.SingleToInt32Bits)];
    }
}
