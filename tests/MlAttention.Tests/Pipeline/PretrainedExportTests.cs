using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Tokenizers;
using MlAttention.Core.Validation;
using MlAttention.Persistence;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>Fine-tuned classifiers as Hugging Face folders and as text classifiers' files, and what cannot become one.</summary>
public class PretrainedExportTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(PoolingKind.Mean, HeadKind.Linear)]
    [InlineData(PoolingKind.First, HeadKind.Tanh)]
    public void SaveHuggingFace_FineTunedPipeline_IsReadAgainEqualToTheBit(PoolingKind pooling, HeadKind head)
    {
        using var folder = new TemporaryFolder();
        var data = TinyTexts.Data(_ml, 53);
        var model = Pipeline(TinyEncoder.Options() with { Pooling = pooling, Head = head }).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);

        _ml.Model.SaveHuggingFace(model, folder.File("fine-tuned"));
        var loaded = PretrainedEncoder.Load(folder.File("fine-tuned"));

        var fitted = Classifier(model).Model;
        Assert.Equal(fitted.Labels!.Formatted, loaded.Labels);
        Assert.Equal(("fine-tuned", "bert"), (loaded.Name, loaded.ModelType));
        Assert.Equal(fitted.Weights.OrderBy(weight => weight.Name, StringComparer.Ordinal).Select(weight => weight.Name), loaded.Weights.Concat(loaded.HeadWeights).Select(weight => weight.Name).Order(StringComparer.Ordinal));
        Assert.All(loaded.Weights.Concat(loaded.HeadWeights), weight => Assert.Equal(fitted.Weights.Single(own => own.Name == weight.Name).Values, weight.Values));
        Assert.Equal(TinyEncoder.Shared.Tokenizer.Encode("Bark, bone zebra"), loaded.Tokenizer.Encode("Bark, bone zebra"));
        Assert.Equal(fitted.Architecture.AsArchitecture(), loaded.Architecture);
        var classifier = TextClassifier.FromPretrained(loaded);
        var probabilities = new float[3];
        foreach (var (text, expected) in TinyTexts.Rows(53).Zip(model.Transform(data).GetColumn<float[]>("Score")))
        {
            classifier.Predict(text.Text, probabilities);
            Assert.Equal(expected, probabilities);
        }
    }

    [Fact]
    public void SaveHuggingFace_LoadedModel_WritesTheSameFiles()
    {
        using var folder = new TemporaryFolder();
        var data = TinyTexts.Data(_ml, 53);
        var model = Pipeline(TinyEncoder.Options()).Fit(data);
        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));

        _ml.Model.SaveHuggingFace(model, folder.File("fitted"));
        _ml.Model.SaveHuggingFace(new MLContext().Model.LoadAttention(folder.File("model.zip"), out _), folder.File("loaded"));

        var files = Directory.GetFiles(folder.File("fitted")).Select(path => Path.GetFileName(path)).ToArray();
        Assert.Contains("model.safetensors", files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File("fitted"), file)), File.ReadAllBytes(Path.Combine(folder.File("loaded"), file))));
    }

    [Fact]
    public void FineTuning_OfAWrittenFolder_StartsWithItsHead()
    {
        using var folder = new TemporaryFolder();
        _ml.Model.SaveHuggingFace(Pipeline(TinyEncoder.Options()).Fit(TinyTexts.Data(_ml, 53)), folder.File("first"));
        var first = PretrainedEncoder.Load(folder.File("first"));

        var second = Classifier(Pipeline(TinyEncoder.Untrained(first)).Fit(TinyTexts.Data(_ml, 53, seed: 9))).Model;

        var row = second.Labels!.Formatted.ToList().IndexOf(first.Labels[0]);
        Assert.Equal(first.HeadWeights.Single(weight => weight.Name == "head.weight").Values[..8], second.Weights.Single(weight => weight.Name == "head.weight").Values[(row * 8)..(row * 8 + 8)]);
    }

    [Fact]
    public void SaveHuggingFace_ClassifierFromNothing_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var model = TinyTexts.Pipeline(_ml).Fit(TinyTexts.Data(_ml, 53));

        var error = Assert.Throws<ArgumentException>(() => _ml.Model.SaveHuggingFace(model, folder.File("folder")));

        Assert.StartsWith("The model cannot become a Hugging Face folder: its classifier was trained from nothing", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void SaveHuggingFace_PoolingThatHasNoPlaceThere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var model = Pipeline(TinyEncoder.Options() with { Pooling = PoolingKind.Attention }).Fit(TinyTexts.Data(_ml, 53));

        Assert.Contains("its pooling is Attention", Assert.Throws<ArgumentException>(() => _ml.Model.SaveHuggingFace(model, folder.File("folder"))).Message, StringComparison.Ordinal);
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void Save_TokenizerAroundAnotherOne_SaysThatItsFilesAreNeeded()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("vocab.txt"), TinyEncoder.Tokens);
        var around = new PretrainedTokenizer(BertTokenizer.Create(folder.File("vocab.txt")), TinyEncoder.Tokens, cls: "[CLS]", sep: "[SEP]");
        File.Delete(folder.File("vocab.txt"));
        var data = TinyTexts.Data(_ml, 53);
        var model = Pipeline(TinyEncoder.Options(TinyEncoder.Create(tokenizer: around))).Fit(data);
        var embedding = _ml.Attention().EmbedText("Embedding", "Text", TinyEncoder.Create(tokenizer: around)).Fit(data);

        Assert.Equal(Pipeline(TinyEncoder.Options()).Fit(data).Transform(data).GetColumn<float[]>("Score"), model.Transform(data).GetColumn<float[]>("Score"));
        Action[] saves =
        [
            () => _ml.Model.Save(model, data.Schema, new MemoryStream()),
            () => _ml.Model.Save(embedding, data.Schema, new MemoryStream()),
            () => _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors")),
            () => _ml.Model.SaveHuggingFace(model, folder.File("folder")),
        ];
        Assert.All(saves, save => Assert.Contains("PretrainedTokenizer.Load(folder)", Assert.Throws<NotSupportedException>(save).Message, StringComparison.Ordinal));
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void Load_TextClassifierWithChangedFiles_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.safetensors");
        _ml.Model.SaveTextClassifier(Pipeline(TinyEncoder.Options()).Fit(TinyTexts.Data(_ml, 53)), path);
        var weights = SafetensorsFile.Read(path, out var metadata, out var files);
        Assert.Equal(["tokenizer/tokenizer_config.json", "tokenizer/vocab.txt"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("2", metadata["mlattention.version"]);
        Assert.DoesNotContain("mlattention.vocabulary", metadata.Keys);

        Refused("has a file 'other/vocab.txt', which nothing needs", changed => changed.Add("other/vocab.txt", [1]));
        Refused("tokenizer", changed => changed.Remove("tokenizer/vocab.txt"));
        Refused("embedding.weight", changed => changed["tokenizer/vocab.txt"] = [.. changed["tokenizer/vocab.txt"], .. "surplus\n"u8]);
        Refused("", changed => changed.Clear());

        void Refused(string because, Action<Dictionary<string, byte[]>> change)
        {
            var changed = files.ToDictionary();
            change(changed);
            SafetensorsFile.Write(folder.File("changed.safetensors"), weights, metadata, changed);
            Assert.Contains(because, Assert.Throws<InvalidDataException>(() => TextClassifier.Load(folder.File("changed.safetensors"))).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>XLM-R large: its sizes are allowed in a pipeline, and a model file, whose components have at most 2 GB, says what to write instead.</summary>
    [Fact]
    public void Save_EncoderLargerThanAModelFile_SaysWhatToWriteInstead()
    {
        var errors = new OptionErrors("architecture");
        ModelLimits.Require(errors, new SequenceModelOptions { ModelWidth = 1024, Heads = 16, Layers = 24, FeedForwardWidth = 4096, MaxLength = 512, PositionDetails = new() { LearnedOffset = 2, LearnedRows = 514 } });
        errors.ThrowIfAny();
        var values = new float[1024 * 4096];      // shared by all: what is only counted is never copied
        var state = new ComponentState("Classifier");
        state.Add([.. Enumerable.Range(0, 134).Select(i => new WeightTensor($"{i}", [1024, 4096], values))]);

        Assert.StartsWith("Classifier takes 2248146944 bytes", Assert.Throws<NotSupportedException>(() => state.ToBytes()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromPretrained_EncoderWithoutAHead_IsRefused() =>
        Assert.Contains("'tiny' has no labels", Assert.Throws<ArgumentException>(() => TextClassifier.FromPretrained(TinyEncoder.Shared)).Message, StringComparison.Ordinal);

    [Fact]
    public void FromPretrained_EncoderWithAHead_ScoresWithItAtOnce()
    {
        var classifier = TextClassifier.FromPretrained(TinyEncoder.Classifier("owl", "dog", "cat"));
        var probabilities = new float[3];

        classifier.Predict("hoot", probabilities);

        Assert.Equal(1, probabilities.Sum(), 1e-5f);
        Assert.Equal(["owl", "dog", "cat"], classifier.Labels);
    }

    private static AttentionClassifierTransformer Classifier(ITransformer model) => Parts(model).OfType<AttentionClassifierTransformer>().Single();

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];

    private EstimatorChain<TransformerChain<AttentionClassifierTransformer>> Pipeline(AttentionClassifierOptions options) =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().PretrainedClassifier(options));
}
