using MlAttention.Core.Serving;
using MlAttention.Core.Weights;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Hosting;

/// <summary>Files of small text classifiers with their initial weights.</summary>
internal static class ClassifierFiles
{
    /// <summary>Writes a classifier as users do, first beside the file and then over it, and gives what it predicts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">Of the weights: another gives other probabilities in a file of the same length.</param>
    /// <param name="labels">Three by default.</param>
    public static TextPrediction Write(string path, int seed, params string[] labels)
    {
        if (labels.Length == 0) labels = TinyTexts.Labels;
        string[] vocabulary = ["bark", "bone", "purr", "hoot", "flies"];
        SequenceModelOptions architecture = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 11, MaxLength = 13 };
        TextClassifierFile.Write(path, new TextClassifierParts
        {
            Tokenizer = new(), Vocabulary = vocabulary, Architecture = architecture, Labels = labels,
            Weights = WeightInitializer.Create(WeightLayout.Of(architecture, vocabulary.Length + 2, labels.Length), seed),
        });
        return TextClassifier.Load(path).Predict(Sentence);
    }

    /// <summary>The text of the predictions.</summary>
    public const string Sentence = "bark hoot";
}
