using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>Weights of a classifier in one whose words and labels come in another order.</summary>
public sealed class InitialWeightsPipelineTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    public InitialWeightsPipelineTests() => _ml.Log += (_, message) => _log.Add(message.RawMessage);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_WeightsOfAnotherOrder_AreMatchedByWordAndLabel()
    {
        string path = SaveTrained("SaveWeights");

        var continued = Continue(path, TinyTexts.Rows(53).Reverse());

        Assert.True(Accuracy(continued) > 0.9, $"accuracy {Accuracy(continued)}");
        Assert.Contains(_log, line => line.StartsWith($"Initial weights: 17 of 17 from {path}", StringComparison.Ordinal)
            && line.EndsWith(". 9 tokens taken over, 0 new, 0 dropped. 3 labels taken over, 0 new, 0 dropped.", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_WeightsOfAModelThatWasLoaded_AreMatchedToo()
    {
        var continued = Continue(SaveTrained("loaded"), TinyTexts.Rows(53).Reverse());

        Assert.True(Accuracy(continued) > 0.9, $"accuracy {Accuracy(continued)}");
    }

    [Fact]
    public void Fit_NewWordsAndLabels_StartFromTheSeed()
    {
        string path = SaveTrained("SaveWeights");
        var more = TinyTexts.Rows(53).Append(new TinyTexts.Row { Text = "sphinx of black quartz", Label = "riddle" });

        Continue(path, more);

        Assert.Contains(_log, line => line.EndsWith(" 9 tokens taken over, 4 new, 0 dropped. 3 labels taken over, 1 new, 0 dropped.", StringComparison.Ordinal));
    }

    [Fact]
    public void EmbedTokens_WeightsOfAnotherOrder_AreMatchedByWord()
    {
        string path = SaveTrained("SaveWeights");
        var options = new EmbedTokensOptions { Width = TinyTexts.Classifier.ModelWidth, WeightsPath = path, Seed = 1 };

        float[] Vectors(IEnumerable<TinyTexts.Row> learned)
        {
            var text = _ml.Data.LoadFromEnumerable([new TinyTexts.Row { Text = "bark purr hoot" }]);
            var learning = _ml.Data.LoadFromEnumerable(learned.ToArray());
            return _ml.Attention().TokenizeSequence("Tokens", "Text").Append(_ml.Attention().EmbedTokens(options)).Fit(learning).Transform(text).GetColumn<float[]>("Embeddings").Single();
        }

        Assert.Equal(Vectors(TinyTexts.Rows(53)), Vectors(TinyTexts.Rows(53).Reverse()));
        Assert.Contains(_log, line => line == $"{path}: 9 tokens taken over, 0 new, 0 dropped.");
    }

    [Fact]
    public void EmbedTokens_FileWithTensorsOfOtherTypes_ReadsItsVectorsAlone()
    {
        string path = _folder.File("hub.safetensors");
        byte[] vectors = new byte[11 * 2 * sizeof(ushort)];      // bfloat16
        vectors[4 + 1] = 0x40;                                   // the first token's first number: 2
        string header = $$$"""{"embeddings.position_ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"embeddings.word_embeddings.weight":{"dtype":"BF16","shape":[11,2],"data_offsets":[8,{{{8 + vectors.Length}}}]}}""";
        File.WriteAllBytes(path, Weights.SafetensorsBytes.File(header, [.. new byte[8], .. vectors]));
        var data = TinyTexts.Data(_ml, 53);
        var tokens = _ml.Attention().TokenizeSequence("Tokens", "Text").Fit(data);
        var first = _ml.Data.LoadFromEnumerable([new TinyTexts.Row { Text = tokens.Vocabulary[0] }]);

        var embedding = _ml.Attention().EmbedTokens(new EmbedTokensOptions { Width = 2, WeightsPath = path, WeightName = "embeddings.word_embeddings.weight" }).Fit(tokens.Transform(data));

        Assert.Equal([2 * MathF.Sqrt(2), 0], embedding.Transform(tokens.Transform(first)).GetColumn<float[]>("Embeddings").Single());
        Assert.Contains(_log, line => line.EndsWith("rows taken by their places, since the file does not say which tokens they stand for.", StringComparison.Ordinal));
    }

    [Fact]
    public void SaveWeights_Metadata_KeepsTokensAndLabels()
    {
        SafetensorsFile.Read(SaveTrained("SaveWeights"), out var metadata);

        var names = RowNames.Read(metadata, "file");
        Assert.Equal(TinyTexts.Labels.Order(), names.Labels!.Order());
        Assert.Equal(TinyTexts.Words.SelectMany(words => words).Order(), names.Vocabulary!.Order());
    }

    /// <summary>A trained model's weights; its vocabulary and labels in the order of the rows.</summary>
    private string SaveTrained(string way)
    {
        string path = _folder.File("weights.safetensors");
        var rows = _ml.Data.LoadFromEnumerable(TinyTexts.Rows(211));
        ITransformer model = TinyTexts.Pipeline(_ml, TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Epochs = 8 } }).Fit(rows);
        if (way == "loaded")
        {
            using var file = new MemoryStream();
            _ml.Model.Save(model, rows.Schema, file);
            model = _ml.Model.LoadAttention(file, out _);
        }
        ((IEnumerable<ITransformer>)model).OfType<AttentionClassifierTransformer>().Single().Model.SaveWeights(path);
        return path;
    }

    /// <summary>Trains on from the file, at a rate that changes nothing.</summary>
    private ITransformer Continue(string path, IEnumerable<TinyTexts.Row> rows) => TinyTexts
        .Pipeline(_ml, TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Epochs = 1, Optimizer = new() { LearningRate = 1e-9 }, InitialWeightsPath = path } })
        .Fit(_ml.Data.LoadFromEnumerable(rows.ToArray()));

    private double Accuracy(ITransformer model) => _ml.MulticlassClassification.Evaluate(model.Transform(TinyTexts.Data(_ml, 211))).MicroAccuracy;
}
