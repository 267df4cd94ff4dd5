// Microsoft.ML.TorchSharp's fine-tuned language model beside a classifier trained from nothing, on the same rows.
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.TorchSharp;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: PretrainedBaseline <data.csv with the columns Text and Label>");
    return 2;
}

var ml = new MLContext(seed: 1);
var attention = ml.Attention();
var split = ml.Data.TrainTestSplit(ml.Data.Cache(attention.LoadCsv(args[0])), testFraction: 0.2, seed: 1);
var label = ml.Transforms.Conversion.MapValueToKey("Label");

Report("attention classifier, from nothing", label.Append(attention.TokenizeSequence("Tokens", "Text")).Append(attention.Classifier()));
try
{
    Report("NAS-BERT, pretrained", label.Append(ml.MulticlassClassification.Trainers.TextClassification(sentence1ColumnName: "Text")));
}
catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or IOException || exception.GetBaseException() is HttpRequestException)
{
    // ML.NET repeats the cause for each attempt, divided by the two characters \ and n.
    Console.WriteLine($"NAS-BERT, pretrained: not measured. Microsoft.ML.TorchSharp downloads its model at first use, and that failed: {exception.GetBaseException().Message.Split("\\n")[0]}");
}
return 0;

void Report(string name, IEstimator<ITransformer> pipeline)
{
    var watch = Stopwatch.StartNew();
    var metrics = ml.MulticlassClassification.Evaluate(pipeline.Fit(split.TrainSet).Transform(split.TestSet));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: accuracy {100 * metrics.MicroAccuracy:F1}%, {watch.Elapsed.TotalSeconds:F0} s"));
}
