namespace MlAttention.Tests.Pretrained;

/// <summary>What is read from a Hugging Face folder, beside the numbers that golden checkpoints compare.</summary>
public sealed class PretrainedEncoderTests
{
    private const int Width = 15, Tokens = 29;

    [Fact]
    public void Load_SentenceEncoder_IsWhatItsFilesSay()
    {
        using var folder = new CheckpointFolder("bert");

        var encoder = folder.Load();

        var model = encoder.Architecture;
        Assert.Equal(("bert", "bert", true), (encoder.Name, encoder.ModelType, encoder.Normalizes));
        Assert.Equal((Width, 3, 7, 2, 9), (model.ModelWidth, model.Heads, model.FeedForwardWidth, model.Layers, model.MaxLength));
        Assert.Equal((PoolingKind.Mean, NormPlacement.Post, ActivationKind.Gelu, PositionScheme.Learned), (model.Pooling, model.Norm, model.Activation, model.Positions));
        Assert.Equal((false, true, 2, true, 1e-12, 0.1), (model.ScaleEmbeddings, model.EmbeddingNorm, model.TokenTypes, model.KeepBoundaries, model.LayerNormEpsilon, model.Dropout));
        Assert.Equal((0, 11), (model.PositionDetails.LearnedOffset, model.PositionDetails.LearnedRows));
        Assert.Empty(encoder.Labels);
        Assert.Empty(encoder.HeadWeights);
    }

    [Fact]
    public void Load_WordEmbeddings_StandBetweenPaddingAndUnknown()
    {
        using var folder = new CheckpointFolder("bert");
        var words = SafetensorsFile.Read(folder["model.safetensors"], ["embeddings.word_embeddings.weight"])[0];

        var embedding = folder.Load().Weights.Single(weight => weight.Name == "embedding.weight");

        Assert.Equal([31, Width], words.Shape);
        Assert.Equal([Tokens + 2, Width], embedding.Shape);                       // two rows of the checkpoint have no token
        Assert.Equal(new float[Width], embedding.Values[..Width]);
        Assert.Equal(words.Values[..(Tokens * Width)], embedding.Values[Width..^Width]);
        Assert.Equal(new float[Width], embedding.Values[^Width..]);
    }

    [Theory]
    [InlineData("bert-classifier", HeadKind.Tanh, "negative,neutral,positive")]
    [InlineData("distilbert-classifier", HeadKind.Relu, "negative,neutral")]
    [InlineData("roberta-classifier", HeadKind.Tanh, "negative,neutral,positive,mixed,none")]
    [InlineData("xlm-roberta-classifier", HeadKind.Tanh, "negative,neutral,positive")]
    public void Load_TrainedClassifier_BringsLabelsAndHead(string name, HeadKind head, string labels)
    {
        using var folder = new CheckpointFolder(name);

        var encoder = folder.Load();

        Assert.Equal(labels.Split(','), encoder.Labels);
        Assert.Equal((PoolingKind.First, head), (encoder.Architecture.Pooling, encoder.Architecture.Head));
        Assert.Equal(["head.dense.weight", "head.dense.bias", "head.weight", "head.bias"], encoder.HeadWeights.Select(weight => weight.Name));
        Assert.Equal([encoder.Labels.Count, Width], encoder.HeadWeights[2].Shape);
    }

    /// <summary>Position p of RoBERTa reads row p + 2: 13 rows are for 11 tokens.</summary>
    [Fact]
    public void Load_Roberta_StartsPositionsAfterPadding()
    {
        using var folder = new CheckpointFolder("roberta");

        var model = folder.Load().Architecture;

        Assert.Equal((11, 2, 13, 1), (model.MaxLength, model.PositionDetails.LearnedOffset, model.PositionDetails.LearnedRows, model.TokenTypes));
        Assert.Equal(PoolingKind.First, model.Pooling);
    }

    [Fact]
    public void Load_ClassifierWithoutLabels_CountsThem()
    {
        using var folder = new CheckpointFolder("distilbert-classifier");
        folder.Set("id2label", null);

        Assert.Equal(["LABEL_0", "LABEL_1"], folder.Load().Labels);
    }

    /// <summary>As a folder of the base model: the same weights without their prefix.</summary>
    [Fact]
    public void Load_NamesWithAndWithoutPrefix_AreTheSameWeights()
    {
        using var folder = new CheckpointFolder("distilbert");
        var expected = folder.Load().Weights;
        var tensors = SafetensorsFile.Read(folder["model.safetensors"]);
        SafetensorsFile.Write(folder["model.safetensors"], [.. tensors.Select(tensor => tensor with { Name = tensor.Name.Replace("distilbert.", "", StringComparison.Ordinal) })]);

        var weights = folder.Load().Weights;

        Assert.Equal(expected.Select(weight => weight.Name), weights.Select(weight => weight.Name));
        Assert.Equal(expected.Select(weight => weight.Values), weights.Select(weight => weight.Values));
    }

    [Theory]
    [InlineData("gelu", ActivationKind.Gelu)]
    [InlineData("gelu_new", ActivationKind.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", ActivationKind.GeluTanh)]
    [InlineData("relu", ActivationKind.Relu)]
    public void Load_Activation_IsOurs(string name, ActivationKind expected)
    {
        using var folder = new CheckpointFolder("bert");
        folder.Set("hidden_act", $"\"{name}\"");

        Assert.Equal(expected, folder.Load().Architecture.Activation);
    }

    [Theory]
    [InlineData("max_seq_length", "100", 11)]
    [InlineData("max_seq_length", "null", 11)]
    [InlineData("max_seq_length", "3", 3)]
    public void Load_LongestSequence_IsTheShorterOfTwo(string setting, string json, int expected)
    {
        using var folder = new CheckpointFolder("bert");
        folder.Edit("sentence_bert_config.json", config => config[setting] = System.Text.Json.Nodes.JsonNode.Parse(json));

        Assert.Equal(expected, folder.Load().Architecture.MaxLength);
    }

    [Theory]
    [InlineData("pooling_mode_cls_token", PoolingKind.First)]
    [InlineData("pooling_mode_max_tokens", PoolingKind.Max)]
    [InlineData("pooling_mode_lasttoken", PoolingKind.Last)]
    public void Load_PoolingOfSentenceTransformers_IsOurs(string mode, PoolingKind expected)
    {
        using var folder = new CheckpointFolder("bert");
        folder.Edit("1_Pooling/config.json", config => (config["pooling_mode_mean_tokens"], config[mode]) = (false, true));

        Assert.Equal(expected, folder.Load().Architecture.Pooling);
    }

    [Fact]
    public void Load_FolderWithoutModules_PoolsTheMeanAndKeepsLengths()
    {
        using var folder = new CheckpointFolder("roberta");
        File.Delete(folder["modules.json"]);

        var encoder = folder.Load();

        Assert.Equal((PoolingKind.Mean, false), (encoder.Architecture.Pooling, encoder.Normalizes));
    }

    /// <summary>The tokenizer of a caller stands in for the folder's, whose files may be missing.</summary>
    [Fact]
    public void Load_WithATokenizer_NeedsNoFilesOfOne()
    {
        using var folder = new CheckpointFolder("bert");
        var expected = folder.Load();
        File.Delete(folder["vocab.txt"]);

        var encoder = PretrainedEncoder.Load(folder.Folder, expected.Tokenizer);

        Assert.Same(expected.Tokenizer, encoder.Tokenizer);
        Assert.Equal(expected.Weights.Select(weight => weight.Values), encoder.Weights.Select(weight => weight.Values));
    }
}
