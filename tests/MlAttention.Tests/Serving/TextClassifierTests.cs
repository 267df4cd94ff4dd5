using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Core.Serving;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Serving;

public class TextClassifierTests
{
    private static readonly string[] _texts = ["bark bone", "Purr, purr & MOUSE naps", "hoot", "", "zebra", "caf\u00e9 d\u2019hoot \U0001F989", string.Join(' ', Enumerable.Repeat("flies night", 20))];

    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(PoolingKind.Mean, EngineKind.Managed)]
    [InlineData(PoolingKind.Cls, EngineKind.TorchSharp)]
    public void Predict_LoadedFile_GivesThePipelinesProbabilities(PoolingKind pooling, EngineKind engine)
    {
        using var folder = new TemporaryFolder();
        var options = TinyTexts.Classifier with { Pooling = pooling, Training = TinyTexts.Classifier.Training with { Compute = new() { Engine = engine, Threads = 1 }, Epochs = 1 } };
        var model = TinyTexts.Pipeline(_ml, options).Fit(TinyTexts.Data(_ml, 53));
        using var pipeline = _ml.Model.CreatePredictionEngine<TinyTexts.Row, TinyTexts.Prediction>(model);

        _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors"));
        var classifier = TextClassifier.Load(folder.File("model.safetensors"));

        var probabilities = new float[3];
        foreach (var text in _texts)
        {
            var expected = pipeline.Predict(new TinyTexts.Row { Text = text });
            classifier.Predict(text, probabilities);
            Assert.Equal(expected.Score, probabilities);
            var transformed = model.Transform(_ml.Data.LoadFromEnumerable([new TinyTexts.Row { Text = text }])).GetColumn<float[]>("Score").Single();
            Assert.Equal(transformed, probabilities);
            Assert.Equal(new TextPrediction(expected.PredictedLabel, probabilities.Max()), classifier.Predict(text));
        }
        Assert.Equal(2, classifier.TruncatedTexts);
    }

    [Fact]
    public void Json_OfAnArchitecture_CarriesEverySettingOfAttention()
    {
        var options = new SequenceModelOptions
        {
            Heads = 2, Score = ScoreFunction.Dot, AdditiveWidth = 7, Temperature = 2, Algorithm = AttentionAlgorithm.Performer, BlockSize = 3, WindowRadius = 5,
            RandomFeatures = 11, OrthogonalFeatures = false, RandomSeed = 13,
        };
        var json = System.Text.Json.JsonSerializer.Serialize(options, ServingJson.Default.SequenceModelOptions);

        Assert.Equal(options, ServingJson.Read(json, ServingJson.Default.SequenceModelOptions));
        Assert.Equal(new SequenceModelOptions { Heads = 2 }, ServingJson.Read("{\"Heads\":2}", ServingJson.Default.SequenceModelOptions));
    }

    [Fact]
    public void Predict_AfterTheFirstCall_AllocatesNothing()
    {
        var classifier = new TextClassifier(Parts());
        var probabilities = new float[3];
        var texts = _texts.Where(text => text.All(char.IsAscii)).ToArray();
        Predict();

        // The runtime allocates now and then for itself, when it recompiles a method; what a call allocates shows in every round.
        Assert.Equal(0, Enumerable.Range(0, 5).Select(_ => AllocatedByTenCalls()).Min());

        long AllocatedByTenCalls()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 10; call++) Predict();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Predict()
        {
            foreach (var text in texts)
            {
                classifier.Predict(text);
                classifier.Predict(text, probabilities);
            }
        }
    }

    [Fact]
    public void Predict_SeveralTexts_GivesWhatEachGivesAlone()
    {
        var classifier = new TextClassifier(Parts());
        string[] texts = [.. Enumerable.Range(0, 12).SelectMany(_ => _texts)];
        var expected = texts.Select(text => classifier.Predict(text)).ToArray();
        var truncated = classifier.TruncatedTexts;

        Assert.Equal(expected, classifier.Predict(texts));
        Assert.Equal(2 * truncated, classifier.TruncatedTexts);
        Assert.Empty(classifier.Predict(Array.Empty<string>()));
    }

    [Fact]
    public void Predict_TextThatIsNull_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => new TextClassifier(Parts()).Predict(["hoot", null!]));
        Assert.Contains("Text 1 is null", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => new TextClassifier(Parts()).Predict(["hoot"], new CancellationToken(canceled: true)));

    [Fact]
    public void Predict_ManyThreads_GivesTheSerialProbabilities()
    {
        var classifier = new TextClassifier(Parts());
        var expected = _texts.Select(text => classifier.Predict(text)).ToArray();
        var wrong = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (var i = 0; i < 300; i++)
            {
                var row = (i * 3 + thread) % _texts.Length;
                if (classifier.Predict(_texts[row]) != expected[row]) Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Predict_PlacesForOtherLabels_Throws() =>
        Assert.Contains("each of the 3 labels; got 2", Assert.Throws<ArgumentException>(() => new TextClassifier(Parts()).Predict("hoot", new float[2])).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_FileOfAnOlderVersionWithoutAnOption_TakesItsDefault()
    {
        using var folder = new TemporaryFolder();
        var parts = Parts();
        var path = Rewritten(folder, parts, metadata => metadata["mlattention.architecture"] =
            metadata["mlattention.architecture"].Replace("\"LayerNormEpsilon\":1E-05,", "", StringComparison.Ordinal).Replace("\"ClipDistance\":16,", "", StringComparison.Ordinal));

        var read = TextClassifierFile.Read(path);

        Assert.Equal(parts.Architecture, read.Architecture);
        Assert.Equal(parts.Tokenizer, read.Tokenizer);
    }

    [Fact]
    public void Load_NoTextClassifier_SaysWhatTheFileIs()
    {
        using var folder = new TemporaryFolder();
        var parts = Parts();
        SafetensorsFile.Write(folder.File("weights.safetensors"), parts.Weights);

        Fails(folder.File("weights.safetensors"), "holds weights alone");
        Fails(Rewritten(folder, parts, metadata => metadata["mlattention.version"] = "4"), "version '4'");
        Fails(Rewritten(folder, parts, metadata => metadata.Remove("mlattention.labels")), "lacks 'mlattention.labels'");
        Fails(Rewritten(folder, parts, metadata => metadata["mlattention.labels"] = "[\"a\",\"b\"]"), "head.weight must have shape [2,8]; got [3,8]");
        Fails(Rewritten(folder, parts, metadata => metadata["mlattention.architecture"] = "{\"Width\":8}"), "Width");
        Fails(Rewritten(folder, parts, metadata => metadata["mlattention.tokenizer"] = "[]"), "must be a JSON object");
    }

    [Fact]
    public void SaveTextClassifier_PipelineWithMoreThanItCanApply_NamesThePart()
    {
        using var folder = new TemporaryFolder();
        var model = _ml.Transforms.Text.NormalizeText("Text").Append(TinyTexts.Pipeline(_ml)).Fit(TinyTexts.Data(_ml, 53));

        var error = Assert.Throws<ArgumentException>(() => _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors")));

        Assert.Contains("TextNormalizingTransformer, which would be left out", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void SaveTextClassifier_ArchitectureThatNeedsLibtorch_IsRefusedBeforeWriting()
    {
        using var folder = new TemporaryFolder();
        var options = TinyTexts.Classifier with { Encoder = EncoderKind.Gru, Training = TinyTexts.Classifier.Training with { Epochs = 1 } };
        var model = TinyTexts.Pipeline(_ml, options).Fit(TinyTexts.Data(_ml, 53));

        var error = Assert.Throws<NotSupportedException>(() => _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors")));

        Assert.Contains("attention encoders only, not Gru", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.FileNames);
    }

    private static void Fails(string path, string because) =>
        Assert.Contains(because, Assert.Throws<InvalidDataException>(() => TextClassifier.Load(path)).Message, StringComparison.Ordinal);

    private static string Rewritten(TemporaryFolder folder, TextClassifierParts parts, Action<Dictionary<string, string>> change)
    {
        var path = folder.File("changed.safetensors");
        TextClassifierFile.Write(path, parts);
        var weights = SafetensorsFile.Read(path, out var metadata);
        var changed = metadata.ToDictionary();
        change(changed);
        SafetensorsFile.Write(path, weights, changed);
        return path;
    }

    /// <summary>A classifier of three labels with its initial weights.</summary>
    private static TextClassifierParts Parts()
    {
        string[] vocabulary = ["bark", "bone", "purr", "hoot", "flies"];
        SequenceModelOptions architecture = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 11, MaxLength = 13 };
        return new TextClassifierParts
        {
            Tokenizer = new(), Vocabulary = vocabulary, Architecture = architecture, Labels = TinyTexts.Labels,
            Weights = WeightInitializer.Create(WeightLayout.Of(architecture, vocabulary.Length + 2, TinyTexts.Labels.Length), 1),
        };
    }
}
