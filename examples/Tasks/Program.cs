using System.Globalization;
using Microsoft.ML;
using MlAttention;

// What a classifier can be asked for besides one label: several labels, yes or no, a number, a label for each word.
// usage: Tasks                        all four, on texts that are made here
//        Tasks multiLabel data.csv    a CSV file with Text and Label, the labels separated by |
//        Tasks binary data.csv        ... Label is yes or no, true or false, 1 or 0
//        Tasks regression data.csv    ... Label is a number
//        Tasks tokenLabels data.conll a word and its label a line, an empty line behind each sentence
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var ml = new MLContext(seed: 1);
var attention = ml.Attention();
var training = new TrainingOptions { Epochs = 20 };
var made = args.Length < 2 ? MadeTexts.Write(Directory.CreateTempSubdirectory("tasks-").FullName) : null;
foreach (var task in args.Length > 0 ? [args[0]] : MadeTexts.Tasks)
{
    var path = args.Length > 1 ? args[1] : made![task];
    Console.WriteLine($"{task}: {path}");
    Console.WriteLine(task switch
    {
        "multiLabel" => SeveralLabels(path),
        "binary" => YesOrNo(path),
        "regression" => Number(path),
        "tokenLabels" => LabelOfEachWord(path),
        _ => $"There is no task {task}; there are {string.Join(", ", MadeTexts.Tasks)}.",
    });
}

string SeveralLabels(string path)
{
    var data = ml.Data.TrainTestSplit(attention.LoadCsv(new CsvOptions { LabelSeparator = "|" }, path), testFraction: 0.2, seed: 1);
    var model = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(attention.TokenizeSequence("Tokens", "Text"))
        .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.MultiLabel, Training = training }))
        .Fit(data.TrainSet);
    var metrics = attention.EvaluateMultiLabel(model.Transform(data.TestSet));
    var labels = metrics.Labels.Select(label => $"\n  {label.Label}: F1 {label.F1:0.000}, average precision {label.AveragePrecision:0.000}");
    return $"  micro F1 {metrics.MicroF1:0.000}, macro F1 {metrics.MacroF1:0.000}, all labels right in {metrics.SubsetAccuracy:P0} of the texts{string.Concat(labels)}";
}

string YesOrNo(string path)
{
    var data = ml.Data.TrainTestSplit(attention.LoadCsv(new CsvOptions { LabelKind = CsvLabelKind.Boolean }, path), testFraction: 0.2, seed: 1);
    var tokenizer = attention.TokenizeSequence("Tokens", "Text").Fit(data.TrainSet);
    var classifier = attention.Classifier(new AttentionClassifierOptions { BinaryColumns = true, Training = training }).Fit(tokenizer.Transform(data.TrainSet));
    var test = tokenizer.Transform(data.TestSet);
    var (usual, careful) = (ml.BinaryClassification.Evaluate(classifier.Transform(test)), ml.BinaryClassification.Evaluate(classifier.WithThreshold(0.9).Transform(test)));
    return $"  AUC {usual.AreaUnderRocCurve:0.000}; from 0.5 on precision {usual.PositivePrecision:0.000}, recall {usual.PositiveRecall:0.000}; from 0.9 on {careful.PositivePrecision:0.000}, {careful.PositiveRecall:0.000}";
}

string Number(string path)
{
    var data = ml.Data.TrainTestSplit(attention.LoadCsv(new CsvOptions { LabelKind = CsvLabelKind.Number }, path), testFraction: 0.2, seed: 1);
    var model = attention.TokenizeSequence("Tokens", "Text")
        .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.Regression, Training = training }))
        .Fit(data.TrainSet);
    var metrics = ml.Regression.Evaluate(model.Transform(data.TestSet));
    return $"  R² {metrics.RSquared:0.000}, mean absolute error {metrics.MeanAbsoluteError:0.00}";
}

string LabelOfEachWord(string path)
{
    var data = ml.Data.TrainTestSplit(attention.LoadTokenLabels(path), testFraction: 0.2, seed: 1);
    var model = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(attention.TokenizeWords("Tokens", "Words"))
        .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.TokenLabels, WordStartsColumnName = "WordStarts", Training = training }))
        .Fit(data.TrainSet);
    var metrics = attention.EvaluateTokenLabels(model.Transform(data.TestSet));
    var kinds = metrics.Kinds.Select(kind => $"\n  {kind.Label}: precision {kind.Precision:0.000}, recall {kind.Recall:0.000}, F1 {kind.F1:0.000}");
    return $"  {metrics.Accuracy:P1} of the words right{(metrics.Entities is { } all ? $", F1 of entities {all.F1:0.000}" : "")}{string.Concat(kinds)}";
}

/// <summary>Texts about food with something to predict for each task.</summary>
internal static class MadeTexts
{
    public static readonly string[] Tasks = ["multiLabel", "binary", "regression", "tokenLabels"];

    /// <summary>Writes a file for each task into a folder.</summary>
    public static Dictionary<string, string> Write(string folder)
    {
        string[] nouns = ["soup", "bread", "cake", "tea", "rice", "salad"], words = ["warm", "cold", "fresh", "stale", "cheap"];
        var rows = (from noun in nouns from first in words from second in words select (Text: $"the {first} {noun} was {second}", First: first, Noun: noun, Second: second)).ToArray();
        var files = Tasks.ToDictionary(task => task, task => Path.Combine(folder, task + (task == "tokenLabels" ? ".conll" : ".csv")));
        File.WriteAllLines(files["multiLabel"], ["Text,Label", .. rows.Select(row => $"{row.Text},{row.First}|{row.Second}")]);
        File.WriteAllLines(files["binary"], ["Text,Label", .. rows.Select(row => $"{row.Text},{(row.Second is "cold" or "stale" ? "yes" : "no")}")]);
        File.WriteAllLines(files["regression"], ["Text,Label", .. rows.Select(row => $"{row.Text},{(row.First == "cheap" ? 3 : 9) + (row.Second is "cold" or "stale" ? 0 : 2)}")]);
        File.WriteAllLines(files["tokenLabels"], rows.SelectMany(row => new[] { "the O", $"{row.First} B-DISH", $"{row.Noun} I-DISH", "was O", $"{row.Second} O", "" }));
        return files;
    }
}
