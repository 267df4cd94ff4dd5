using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Pipeline;

/// <summary>A real encoder, all-MiniLM-L6-v2, through a whole pipeline, and in a process that knows nothing but the files.</summary>
public class MiniLmPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void FineTuning_SavedExportedAndInAFreshProcess_GivesTheSameProbabilitiesToTheBit()
    {
        using var folder = new TemporaryFolder();
        var options = new AttentionClassifierOptions(PretrainedEncoder.Load(Path.Combine(RepositoryFiles.Root, "artifacts", "pretrained", "minilm"))) { MaxLength = 32 };
        options = options with { Training = options.Training with { Epochs = 1, BatchSize = 8, ValidationFraction = 0, Optimizer = options.Training.Optimizer with { LearningRate = 2e-4 }, Compute = new() { Threads = 2 } } };
        var data = FineTunedScores.TrainingData(_ml);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Attention().PretrainedClassifier(options)).Fit(data);

        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        _ml.Model.SaveTextClassifier(model, folder.File("model.safetensors"));
        _ml.Model.SaveHuggingFace(model, folder.File("fine-tuned"));
        Run("probabilities", folder.File("model.zip"), folder.File("model.safetensors"), folder.File("fine-tuned"), folder.File("scores.txt"));

        var expected = FineTunedScores.Of(_ml, model).ToArray();
        Assert.True(expected.Distinct().Count() > 40);
        Assert.Equal([.. expected, .. expected, .. expected], File.ReadAllLines(folder.File("scores.txt")));
    }

    private static void Run(params string[] arguments)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(FineTunedScores).Assembly.Location, .. arguments]))!;
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
    }
}

/// <summary>What the three forms of a fine-tuned model give for the same texts, as bits; runs in a process of its own.</summary>
internal static class FineTunedScores
{
    private const int TrainingRows = 48;

    /// <summary>Writes the probabilities of the pipeline, of the text classifier and of the Hugging Face folder, one after the other.</summary>
    public static void Write(string zip, string textClassifier, string huggingFace, string target)
    {
        var ml = new MLContext();
        string[] lines = [.. Of(ml, ml.Model.LoadAttention(zip, out _)), .. Of(ml, TextClassifier.Load(textClassifier)), .. Of(ml, TextClassifier.FromPretrained(PretrainedEncoder.Load(huggingFace)))];
        File.WriteAllLines(target, lines);
    }

    public static IDataView TrainingData(MLContext ml) => ml.Data.TakeRows(ml.Attention().LoadCsv(RepositoryFiles.Dataset("keyword_topics.csv")), TrainingRows);

    public static IEnumerable<string> Of(MLContext ml, ITransformer model)
    {
        var texts = Texts(ml);
        return texts.Zip(model.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new TinyTexts.Row { Text = text }))).GetColumn<float[]>("Score"), Line);
    }

    private static IEnumerable<string> Of(MLContext ml, TextClassifier classifier)
    {
        var probabilities = new float[classifier.Labels.Count];
        foreach (var text in Texts(ml))
        {
            classifier.Predict(text, probabilities);
            yield return Line(text, probabilities);
        }
    }

    private static string Line(string text, float[] probabilities) => $"{string.Join(' ', probabilities.Select(BitConverter.SingleToUInt32Bits))} {text}";

    /// <summary>The training texts, and odd ones: empty, with symbols, accents and ideographs, and too long.</summary>
    private static string[] Texts(MLContext ml) =>
        [.. TrainingData(ml).GetColumn<string>("Text"), "", "Unbelievable!! \u00a35 caf\u00e9", "\u732b\u304c\u597d\u304d \U0001F989", string.Join(' ', Enumerable.Repeat("the goalkeeper saved", 40))];
}
