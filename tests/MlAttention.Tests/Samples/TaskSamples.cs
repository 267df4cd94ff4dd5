using Microsoft.ML;
using Microsoft.ML.Data;
using static MlAttention.Tests.Samples.SampleFiles;

namespace MlAttention.Tests.Samples;

/// <summary>The samples of docs/TASKS.md, run.</summary>
public class TaskSamples
{
    static TaskSamples()
    {
        string[] nouns = ["soup", "bread", "cake", "tea"], verdicts = ["warm", "cold", "fresh"];
        var rows = (from noun in nouns from first in verdicts from second in verdicts select (noun, first, second)).ToArray();
        File.WriteAllLines(Sample("topics.csv"), ["Text,Topics", .. rows.Select(row => $"the {row.noun} was {row.first} and {row.second},{(row.first == "warm" || row.second == "warm" ? "warm" : "")}|{(row.noun == "tea" ? "drink" : "food")}")]);
        File.WriteAllLines(Sample("stars.csv"), ["Text,Stars", .. rows.Select(row => $"the {row.noun} was {row.first} and {row.second},{(row.first == "cold" ? 1 : 3) + (row.second == "cold" ? 0 : 2)}")]);
        File.WriteAllLines(Sample("complaints.csv"), ["Text,Complaint", .. rows.Select(row => $"the {row.noun} was {row.first} and {row.second},{(row.first == "cold" || row.second == "cold" ? "yes" : "no")}")]);
        File.WriteAllLines(Sample("entities.conll"), rows.SelectMany(row => new[] { "the O", $"{row.first} B-DISH", $"{row.noun} I-DISH", "was O", $"{row.second} O", "" }));
    }

    [Fact]
    public void MultiLabel_FromCsv()
    {
        // sample: MultiLabel_FromCsv
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(new CsvOptions { LabelColumn = "Topics", LabelSeparator = "|" }, Sample("topics.csv"));
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeSequence("Tokens", "Text"))
            .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.MultiLabel }));
        ITransformer model = pipeline.Fit(data);
        MultiLabelMetrics metrics = attention.EvaluateMultiLabel(model.Transform(data));
        Console.WriteLine($"micro F1 {metrics.MicroF1:0.000}, all labels right in {metrics.SubsetAccuracy:P0} of the rows");
        foreach (LabelMetrics label in metrics.Labels) Console.WriteLine($"{label.Label}: F1 {label.F1:0.000}, average precision {label.AveragePrecision:0.000}");
        // end of sample

        Assert.True(metrics.MicroF1 > 0.8, $"{metrics.MicroF1}");
        Assert.Equal(3, metrics.Labels.Count);
    }

    [Fact]
    public void Regression_FromCsv()
    {
        // sample: Regression_FromCsv
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(new CsvOptions { LabelColumn = "Stars", LabelKind = CsvLabelKind.Number }, Sample("stars.csv"));
        var pipeline = attention.TokenizeSequence("Tokens", "Text")
            .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.Regression }));
        RegressionMetrics metrics = mlContext.Regression.Evaluate(pipeline.Fit(data).Transform(data));
        Console.WriteLine($"R² {metrics.RSquared:0.000}, mean absolute error {metrics.MeanAbsoluteError:0.00} stars");
        // end of sample

        Assert.True(metrics.RSquared > 0.5, $"{metrics.RSquared}");
    }

    [Fact]
    public void Binary_FromCsv()
    {
        // sample: Binary_FromCsv
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadCsv(new CsvOptions { LabelColumn = "Complaint", LabelKind = CsvLabelKind.Boolean }, Sample("complaints.csv"));
        var tokens = attention.TokenizeSequence("Tokens", "Text").Fit(data).Transform(data);
        AttentionClassifierTransformer classifier = attention.Classifier(new AttentionClassifierOptions { BinaryColumns = true }).Fit(tokens);
        CalibratedBinaryClassificationMetrics metrics = mlContext.BinaryClassification.Evaluate(classifier.Transform(tokens));
        Console.WriteLine($"AUC {metrics.AreaUnderRocCurve:0.000}, F1 {metrics.F1Score:0.000}");
        AttentionClassifierTransformer careful = classifier.WithThreshold(0.9);       // fewer complaints, and surer ones
        Console.WriteLine($"{careful.Transform(tokens).GetColumn<bool>("PredictedLabel").Count(complaint => complaint)} complaints");
        // end of sample

        Assert.True(metrics.AreaUnderRocCurve > 0.9, $"{metrics.AreaUnderRocCurve}");
    }

    [Fact]
    public void TokenLabels_FromConll()
    {
        // sample: TokenLabels_FromConll
        var mlContext = new MLContext(seed: 1);
        var attention = mlContext.Attention();
        IDataView data = attention.LoadTokenLabels(Sample("entities.conll"));                       // Words and Label, vectors of texts
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(attention.TokenizeWords("Tokens", "Words"))
            .Append(attention.Classifier(new AttentionClassifierOptions { Task = TaskKind.TokenLabels, WordStartsColumnName = "WordStarts" }));
        IDataView scored = pipeline.Fit(data).Transform(data);
        TokenLabelMetrics metrics = attention.EvaluateTokenLabels(scored);
        Console.WriteLine($"entities: precision {metrics.Entities!.Precision:0.000}, recall {metrics.Entities.Recall:0.000}, F1 {metrics.Entities.F1:0.000}");
        // end of sample

        Assert.True(metrics.Entities.F1 > 0.8, $"{metrics.Entities.F1}");
    }
}
