using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention;

// An encoder of one's own from texts without labels, and what it is worth where few texts have one.
// usage: Pretrain [data.csv] [labelled rows] [epochs] [output folder]; the file has the columns Text, Label and Group, and only so many labels are read.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var path = args.Length > 0 ? args[0] : Path.Combine("datasets", "word_order.csv");
var labelledRows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
var epochs = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 30;
var output = args.Length > 3 ? args[3] : "pretrained-encoder";

var ml = new MLContext(seed: 1);
var attention = ml.Attention();
IDataView data = ml.Data.Cache(attention.LoadCsv(new CsvOptions { KeptColumns = ["Group"] }, path));
var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, samplingKeyColumnName: "Group", seed: 1);      // sentences of the same words stay together
IDataView labelled = ml.Data.TakeRows(split.TrainSet, labelledRows);

// 1. All training texts, without their labels: 15% of the words are hidden, in each epoch others, and the encoder learns to tell them.
var options = new PretrainingOptions
{
    VocabularySize = 2000, ModelWidth = 64, Heads = 4, Layers = 2, FeedForwardWidth = 256, MaxLength = 48,
    Training = TrainingOptions.Pretraining with { Epochs = epochs, Optimizer = TrainingOptions.Pretraining.Optimizer with { LearningRate = 2e-3 }, Progress = new EpochLines() },
};
PretrainedEncoder encoder = attention.PretrainEncoder(split.TrainSet, options);
Console.WriteLine($"perplexity of held-out texts: {encoder.Pretraining!.PerplexityBefore:F1} before, {encoder.Pretraining.Perplexity:F1} after");
encoder.SaveHuggingFace(output);            // transformers opens it as BertForMaskedLM; `mlattention train --pretrained` starts from it

// 2. What it guesses for a hidden word of a text that it has not seen.
string[] words = split.TestSet.GetColumn<string>("Text").First().Split(' ');
var filler = new MaskFiller(encoder);
foreach (int hidden in new[] { 1, 3, 5 })
{
    string word = words[hidden].TrimEnd(',', '.');
    string text = string.Join(' ', words.Select((other, place) => place == hidden ? other.Replace(word, "[MASK]", StringComparison.Ordinal) : other));
    Console.WriteLine($"{text}\n  {word}? {string.Join(", ", filler.Fill(text, count: 4)[0].Select(guess => $"{guess.Token} {100 * guess.Probability:F0}%"))}");
}

// 3. The few rows with a label: from nothing, and from the encoder.
var nothing = attention.TokenizeSequence("Tokens", "Text").Append(attention.Classifier(WithFewRows(new AttentionClassifierOptions(), rate: 1e-3)));
var pretrained = attention.PretrainedClassifier(WithFewRows(new AttentionClassifierOptions(encoder), rate: 1e-3));
Console.WriteLine($"accuracy with {labelledRows} labelled rows: from nothing {Accuracy(nothing):P1}, from the encoder {Accuracy(pretrained):P1}");

double Accuracy<T>(EstimatorChain<T> classifier) where T : class, ITransformer =>
    ml.MulticlassClassification.Evaluate(ml.Transforms.Conversion.MapValueToKey("Label").Append(classifier).Fit(labelled).Transform(split.TestSet)).MicroAccuracy;

// So few rows that none is held out: all epochs are made.
AttentionClassifierOptions WithFewRows(AttentionClassifierOptions few, double rate) =>
    few with { Training = few.Training with { Epochs = 40, BatchSize = 16, ValidationFraction = 0, Patience = 0, Optimizer = few.Training.Optimizer with { LearningRate = rate } } };

/// <summary>A line for every tenth epoch.</summary>
internal sealed class EpochLines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.CompletedEpoch is { } epoch && (epoch.Epoch % 10 == 0 || epoch.Epoch == value.Epochs)) Console.WriteLine($"epoch {epoch.Epoch}: perplexity {epoch.ValidationPerplexity:F1}");
    }
}
