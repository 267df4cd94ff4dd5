using System.Globalization;
using ComposePipelines;
using Microsoft.ML;

// Five pipelines that one would write, each trained and evaluated on the same rows.
// usage: ComposePipelines [data.csv] [rows]; the file has the columns Text and Label.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var path = args.Length > 0 ? args[0] : Path.Combine("datasets", "keyword_topics.csv");
var rows = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 1500;

var ml = new MLContext(seed: 1);
var data = ml.Data.Cache(ml.Data.TakeRows(ml.Attention().LoadCsv(path), rows));
var split = ml.Data.TrainTestSplit(data, testFraction: 0.2, seed: 1);
foreach (var (name, makePipeline) in Pipelines.All)
{
    var model = makePipeline(ml, split.TrainSet).Fit(split.TrainSet);
    var metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
    Console.WriteLine($"{name,-65} accuracy {metrics.MicroAccuracy:P1}");
}
