using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlAttention;

// From a CSV file to a model that can be served: fine-tunes a pretrained encoder, evaluates it, saves it, exports it and predicts.
// usage: FineTune <Hugging Face folder> [data.csv] [epochs] [output folder]; the file has the columns Text and Label.
// The build of the command line makes such a folder of all-MiniLM-L6-v2: artifacts/pretrained/minilm. examples/ServeHttp serves model.safetensors.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "pretrained", "minilm");
var path = args.Length > 1 ? args[1] : Path.Combine("datasets", "keyword_topics.csv");
var epochs = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 2;
var output = Directory.CreateDirectory(args.Length > 3 ? args[3] : "fine-tuned").FullName;

var ml = new MLContext(seed: 1);
ml.Log += (_, logged) =>
{
    if (logged.Source.Contains("AttentionClassifier", StringComparison.Ordinal) && logged.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning)
        Console.WriteLine(logged.RawMessage);     // a line for each epoch
};
var attention = ml.Attention();
var encoder = PretrainedEncoder.Load(folder);
IDataView data = ml.Data.Cache(attention.LoadCsv(path));
var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, seed: 1);

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(attention.PretrainedClassifier(encoder, epochs: epochs))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
ITransformer model = pipeline.Fit(split.TrainSet);

var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
Console.WriteLine($"accuracy {metrics.MicroAccuracy:P1}, log loss {metrics.LogLoss:F3}");

ml.Model.Save(model, data.Schema, Path.Combine(output, "model.zip"));                      // for ML.NET: mlContext.Model.LoadAttention
ml.Model.SaveTextClassifier(model, Path.Combine(output, "model.safetensors"));            // for services: TextClassifier, without ML.NET
ml.Model.SaveHuggingFace(model, Path.Combine(output, "hugging-face"));                    // for transformers, and for PretrainedEncoder.Load

var classifier = TextClassifier.Load(Path.Combine(output, "model.safetensors"));
var text = data.GetColumn<string>("Text").First();
var prediction = classifier.Predict(text);
Console.WriteLine($"\"{text}\" -> {prediction.Label} ({prediction.Probability:P1})");
