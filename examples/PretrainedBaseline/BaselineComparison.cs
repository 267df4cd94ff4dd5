using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;

namespace PretrainedBaseline;

/// <summary>Microsoft.ML.TorchSharp's fine-tuned language model beside a classifier trained from nothing, on the same rows.</summary>
internal static class BaselineComparison
{
    public static int Run(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("usage: PretrainedBaseline <data.csv with the columns Text and Label>");
            return 2;
        }

        var ml = new MLContext(seed: 1);
        var attention = ml.Attention();
        var split = ml.Data.TrainTestSplit(ml.Data.Cache(attention.LoadCsv(args[0])), testFraction: 0.2, seed: 1);
        var label = ml.Transforms.Conversion.MapValueToKey("Label");

        Report(ml, "attention classifier, from nothing", label.Append(attention.TokenizeSequence("Tokens", "Text")).Append(attention.Classifier()), split);
        try
        {
            Report(ml, "NAS-BERT, pretrained", label.Append(ml.MulticlassClassification.Trainers.TextClassification(sentence1ColumnName: "Text")), split);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or IOException || exception.GetBaseException() is HttpRequestException)
        {
            Console.WriteLine($"The pretrained model cannot be had here: {exception.GetBaseException().Message}");
        }

        return 0;
    }

    private static void Report(MLContext ml, string name, IEstimator<ITransformer> pipeline, DataOperationsCatalog.TrainTestData split)
    {
        var watch = Stopwatch.StartNew();
        var metrics = ml.MulticlassClassification.Evaluate(pipeline.Fit(split.TrainSet).Transform(split.TestSet));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: accuracy {metrics.MicroAccuracy:P1}, {watch.Elapsed.TotalSeconds:F0} s"));
    }
}
