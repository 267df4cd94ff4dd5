using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline.Tasks;

/// <summary>Each task is learned in a pipeline, and its metrics are those counted by hand from the scored rows.</summary>
public class TaskMetricsTests
{
    private const int Epochs = 25;

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Regression_Evaluate_IsTheHandCountedR2()
    {
        var scored = Scored("Regression");
        var metrics = _ml.Regression.Evaluate(scored, labelColumnName: "Number");

        float[] labels = [.. scored.GetColumn<float>("Number")], scores = [.. scored.GetColumn<float>("Score")];
        double squares = labels.Zip(scores, (label, score) => Math.Pow((double)label - score, 2)).Sum(), mean = labels.Average(label => (double)label), total = labels.Sum(label => Math.Pow(label - mean, 2));
        Assert.Equal(1 - squares / total, metrics.RSquared, 1e-6);
        Assert.Equal(Math.Sqrt(squares / labels.Length), metrics.RootMeanSquaredError, 1e-5);
        Assert.True(metrics.RSquared > 0.8, $"{metrics.RSquared}");
        Assert.InRange(scores.Average(), 480, 560);
    }

    [Theory, InlineData("Binary"), InlineData("BinaryKey")]
    public void Binary_Evaluate_IsTheHandCountedAuc(string name)
    {
        var scored = Scored(name);
        var metrics = _ml.BinaryClassification.Evaluate(scored, labelColumnName: name == "Binary" ? "IsDog" : "Label");

        bool[] labels = [.. scored.GetColumn<bool>("IsDog")], predicted = [.. scored.GetColumn<bool>("PredictedLabel")];
        float[] scores = [.. scored.GetColumn<float>("Score")], probabilities = [.. scored.GetColumn<float>("Probability")];
        float[] positive = [.. scores.Where((_, row) => labels[row])], negative = [.. scores.Where((_, row) => !labels[row])];
        double pairs = positive.Sum(one => negative.Sum(other => one > other ? 1.0 : one == other ? 0.5 : 0));
        Assert.Equal(pairs / positive.Length / negative.Length, metrics.AreaUnderRocCurve, 1e-6);
        Assert.Equal(labels.Zip(predicted).Count(pair => pair.First == pair.Second) / (double)labels.Length, metrics.Accuracy, 1e-9);
        Assert.Equal(labels.Zip(probabilities, (label, p) => -Math.Log2(label ? p : 1 - p)).Average(), metrics.LogLoss, 1e-4);
        Assert.True(metrics.AreaUnderRocCurve > 0.9, $"{metrics.AreaUnderRocCurve}");
        for (var row = 0; row < scores.Length; row++) Assert.Equal(1 / (1 + Math.Exp(-scores[row])), probabilities[row], 1e-6);
    }

    [Fact]
    public void Binary_WithThreshold_PredictsFromItOn()
    {
        var data = TaskTexts.Data(_ml);
        ITransformer chain = new TaskCase("Binary", Pretrained: false).Pipeline(_ml, Epochs).Fit(data);
        var classifier = Flatten(chain).OfType<AttentionClassifierTransformer>().Single();
        var tokens = Flatten(chain).TakeWhile(part => part != classifier).Aggregate(data, (view, part) => part.Transform(view));
        float[] probabilities = [.. classifier.Transform(tokens).GetColumn<float>("Probability")];
        double median = probabilities.Order().ElementAt(probabilities.Length / 3);

        bool[] predicted = [.. classifier.WithThreshold(median).Transform(tokens).GetColumn<bool>("PredictedLabel")];

        Assert.Equal(probabilities.Select(probability => probability >= (float)median), predicted);
        Assert.NotEqual(classifier.Transform(tokens).GetColumn<bool>("PredictedLabel"), predicted);
        Assert.Contains("must be a probability", Assert.Throws<ArgumentException>(() => classifier.WithThreshold(1.5)).Message, StringComparison.Ordinal);
    }

    /// <summary>Of a model that is right nearly always, and of one that is often wrong.</summary>
    [Theory, InlineData(Epochs), InlineData(1)]
    public void MultiLabel_Evaluate_IsCountedByHand(int epochs)
    {
        var scored = Scored("MultiLabel", epochs: epochs);
        var metrics = _ml.Attention().EvaluateMultiLabel(scored);

        uint[][] labels = [.. scored.GetColumn<uint[]>("Label")], predicted = [.. scored.GetColumn<uint[]>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        double right = labels.Zip(predicted).Sum(pair => pair.First.Intersect(pair.Second).Count()), found = predicted.Sum(row => row.Length), there = labels.Sum(row => row.Length);
        Assert.Equal(2 * right / (found + there), metrics.MicroF1, 12);
        Assert.Equal(found > 0 ? right / found : 1, metrics.MicroPrecision, 12);
        Assert.Equal(right / there, metrics.MicroRecall, 12);
        Assert.Equal(labels.Zip(predicted).Count(pair => pair.First.Order().SequenceEqual(pair.Second)) / (double)labels.Length, metrics.SubsetAccuracy, 12);
        for (uint key = 1; key <= 3; key++)
        {
            var ofKey = metrics.Labels[(int)key - 1];
            double average = 0, recallBefore = 0;
            foreach (var threshold in scores.Select(row => row[key - 1]).Distinct().OrderDescending())
            {
                bool[] above = [.. labels.Where((_, row) => scores[row][key - 1] >= threshold).Select(row => row.Contains(key))];
                double recall = above.Count(has => has) / (double)labels.Count(row => row.Contains(key));
                average += (recall - recallBefore) * above.Count(has => has) / above.Length;
                recallBefore = recall;
            }
            Assert.Equal(average, ofKey.AveragePrecision!.Value, 12);
            Assert.Equal(labels.Count(row => row.Contains(key)), ofKey.Count);
        }
        Assert.Equal(metrics.Labels.Average(label => label.F1), metrics.MacroF1, 12);      // all three are there
        Assert.Equal(metrics.Labels.Average(label => label.AveragePrecision!.Value), metrics.MeanAveragePrecision, 12);
        Assert.True(epochs == Epochs ? metrics.MicroF1 > 0.9 : metrics.MeanAveragePrecision < 0.97, $"{metrics.MicroF1} {metrics.MeanAveragePrecision}");
        if (epochs < Epochs) return;
        Assert.Contains(predicted, row => row.Length == 0);
        Assert.Contains(predicted, row => row.Length == 3);
        Assert.Equal(TinyTexts.Labels.Order(), metrics.Labels.Select(label => label.Label).Order());
    }

    [Fact]
    public void MultiLabel_Thresholds_DecideForEachLabel()
    {
        var data = TaskTexts.Data(_ml, 61);
        var thresholds = new Dictionary<string, double> { ["cat"] = 0, ["owl"] = 1 };
        var model = new TaskCase("MultiLabel", Pretrained: false).Pipeline(_ml, 1, options => options with { Threshold = 0.4, LabelThresholds = thresholds }).Fit(data);
        var scored = model.Transform(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        Assert.Equal(Snapshot.Of(scored, "PredictedLabel"), Snapshot.Of(_ml.Model.LoadAttention(file, out _).Transform(data), "PredictedLabel"));
        string[] names = [.. Names(scored.Schema["PredictedLabel"])];
        foreach (var (keys, scores) in scored.GetColumn<uint[]>("PredictedLabel").Zip(scored.GetColumn<float[]>("Score")))
        {
            string[] predicted = [.. keys.Select(key => names[key - 1])];
            Assert.Contains("cat", predicted);
            Assert.DoesNotContain("owl", predicted);
            Assert.Equal(scores[Array.IndexOf(names, "dog")] >= 0.4f, predicted.Contains("dog"));
        }
        var unknown = new TaskCase("MultiLabel", Pretrained: false).Pipeline(_ml, 1, options => options with { LabelThresholds = new Dictionary<string, double> { ["horse"] = 0.2 } });
        Assert.Contains("'horse', which is none of the labels", Assert.Throws<ArgumentException>(() => unknown.Fit(data)).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void TokenLabels_Evaluate_IsCountedByHand(bool pretrained)
    {
        var scored = Scored("TokenLabels", pretrained);
        var metrics = _ml.Attention().EvaluateTokenLabels(scored);

        uint[][] labels = [.. scored.GetColumn<uint[]>("Label")], predicted = [.. scored.GetColumn<uint[]>("PredictedLabel")];
        Assert.Equal(scored.GetColumn<string[]>("Words").Select(words => words.Length), predicted.Select(row => row.Length));
        string[] names = [.. Names(scored.Schema["PredictedLabel"])];
        var there = Entities(labels, names);
        var found = Entities(predicted, names);
        Assert.Equal(2.0 * there.Intersect(found).Count() / (there.Count + found.Count), metrics.Entities!.F1, 12);
        Assert.Equal(there.Count, metrics.Entities.Count);
        Assert.Equal(labels.Sum(row => row.Length), metrics.Tokens);
        Assert.Equal(labels.Zip(predicted).Sum(pair => pair.First.Zip(pair.Second).Count(token => token.First == token.Second)) / (double)metrics.Tokens, metrics.Accuracy, 12);
        Assert.Equal(["cat", "dog"], metrics.Kinds.Select(kind => kind.Label));
        Assert.True(pretrained || metrics.Entities.F1 > 0.8, $"{metrics.Entities.F1}");
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        for (var row = 0; row < labels.Length; row++)
        {
            Assert.Equal(predicted[row].Length * names.Length, scores[row].Length);
            for (var word = 0; word < predicted[row].Length; word++)
            {
                var ofWord = scores[row].AsSpan(word * names.Length, names.Length);
                Assert.Equal(1, ofWord.ToArray().Sum(), 1e-4f);
                Assert.Equal(predicted[row][word], (uint)ofWord.IndexOf(ofWord.ToArray().Max()) + 1);
            }
        }
    }

    /// <summary>What is cut has no label, at the end or at the beginning; the rest keeps its place.</summary>
    [Theory, InlineData(TruncationSide.KeepStart), InlineData(TruncationSide.KeepEnd)]
    public void TokenLabels_CutText_HasNoLabelWhereItWasCut(TruncationSide side)
    {
        var data = TaskTexts.Data(_ml, 61);
        var scored = new TaskCase("TokenLabels", Pretrained: false).Pipeline(_ml, 1, options => options with { MaxLength = 3, Truncation = side }).Fit(data).Transform(data);
        foreach (var predicted in scored.GetColumn<uint[]>("PredictedLabel"))
            for (var word = 0; word < predicted.Length; word++)
                Assert.Equal(side == TruncationSide.KeepStart ? word < 3 : word >= predicted.Length - 3, predicted[word] > 0);
    }

    private IDataView Scored(string name, bool pretrained = false, int epochs = Epochs)
    {
        var data = TaskTexts.Data(_ml, 400);
        return new TaskCase(name, pretrained).Pipeline(_ml, pretrained ? 2 : epochs).Fit(data).Transform(TaskTexts.Data(_ml, 150, seed: 5));
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private static IEnumerable<string> Names(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return names.DenseValues().Select(name => name.ToString()).ToArray();
    }

    /// <summary>Row, kind, begin and end of every entity, by a way of its own: each word that begins one, and the I- of its kind that follow.</summary>
    private static List<(int Row, string Kind, int Start, int End)> Entities(uint[][] rows, string[] names)
    {
        var entities = new List<(int, string, int, int)>();
        for (var row = 0; row < rows.Length; row++)
        {
            string[] tags = [.. rows[row].Select(key => key == 0 ? "O" : names[key - 1])];
            for (var start = 0; start < tags.Length; start++)
            {
                if (tags[start] == "O") continue;
                var kind = tags[start][2..];
                if (tags[start][0] == 'I' && start > 0 && tags[start - 1] != "O" && tags[start - 1][2..] == kind) continue;
                var end = start + 1;
                while (end < tags.Length && tags[end] == "I-" + kind) end++;
                entities.Add((row, kind, start, end));
            }
        }
        return entities;
    }
}
