using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlAttention;

// Trains a classifier on a CSV file, evaluates it, saves it, loads it again and predicts one text.
// usage: TrainFromCsv [data.csv] [epochs]; the file has the columns Text and Label, and Group if rows belong together.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var path = args.Length > 0 ? args[0] : Path.Combine("datasets", "word_order.csv");
var epochs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;

var ml = new MLContext(seed: 1);
ml.Log += (_, logged) =>
{
    if (logged.Source.Contains("AttentionClassifier", StringComparison.Ordinal) && logged.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning)
        Console.WriteLine(logged.RawMessage);     // a line for each epoch
};
var attention = ml.Attention();
IDataView data;
try
{
    var grouped = File.Exists(path) && File.ReadLines(path).First().Split(',').Contains("Group");
    data = ml.Data.Cache(attention.LoadCsv(new CsvOptions { KeptColumns = grouped ? ["Group"] : [] }, path));
}
catch (CsvDataException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

var group = data.Schema.GetColumnOrNull("Group") is null ? null : "Group";
var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, samplingKeyColumnName: group, seed: 1);

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(attention.TokenizeSequence("Tokens", "Text"))
    .Append(attention.Classifier(new AttentionClassifierOptions
    {
        Positions = PositionScheme.Rotary,
        SamplingKeyColumnName = group,
        Training = new TrainingOptions { Epochs = epochs },
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
ITransformer model = pipeline.Fit(split.TrainSet);

var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine($"accuracy {metrics.MicroAccuracy:P1}, log loss {metrics.LogLoss:F3}");
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

var file = Path.Combine(Path.GetTempPath(), "mlattention-example.zip");
ml.Model.Save(model, data.Schema, file);
ITransformer again = ml.Model.LoadAttention(file, out _);
File.Delete(file);

using var engine = ml.Model.CreatePredictionEngine<TextRow, TextPrediction>(again);
var text = data.GetColumn<string>("Text").First();
var prediction = engine.Predict(new TextRow { Text = text });
Console.WriteLine($"\"{text}\" -> {prediction.PredictedLabel} ({prediction.Score.Max():P1})");
return 0;

/// <summary>One text to classify; the label is not known.</summary>
internal sealed class TextRow
{
    public string Text { get; set; } = "";

    public string Label { get; set; } = "";
}

/// <summary>The most probable label, and the probability of each.</summary>
internal sealed class TextPrediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
