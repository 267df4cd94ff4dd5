// What is token order worth on a CSV file? Usage: dotnet run --project examples/OrderingAblation [file.csv]
using System.Globalization;
using Microsoft.ML;
using MlAttention;

string path = args.Length > 0 ? args[0] : FindUpwards("datasets/word_order.csv");
var ml = new MLContext(seed: 1);
var attention = ml.Attention();

// Sentences with the same words share a group and stay on one side of the split.
IDataView data = attention.LoadCsv(new CsvOptions { KeptColumns = ["Group"] }, path);
var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, samplingKeyColumnName: "Group", seed: 1);

var plan = AblationPlan.Quick with { Positions = [PositionScheme.None, PositionScheme.Sinusoidal], Masks = [MaskKind.Bidirectional], GroupColumn = "Group" };
var report = attention.OrderingAblation(split.TrainSet, split.TestSet, plan, new AblationRunOptions { DataName = Path.GetFileName(path) });

var verdict = VerdictWriter.Write(report);
Console.WriteLine($"{report.Environment}\n\n{verdict.Headline}\n");
foreach (string sentence in verdict.Evidence) Console.WriteLine($"- {sentence}");
foreach (var result in report.Variants)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Variant.Name,-28}{result.MeanAccuracy:P1}   {string.Join(' ', result.Runs.Select(run => run.Accuracy.ToString("P1", CultureInfo.InvariantCulture)))}"));

static string FindUpwards(string file)
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        if (File.Exists(Path.Combine(folder.FullName, file))) return Path.Combine(folder.FullName, file);
    throw new FileNotFoundException($"No folder above {AppContext.BaseDirectory} holds {file}. Give the path of a CSV file.");
}
