using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Pipeline.Tasks;

namespace MlAttention.Tests.Serving;

/// <summary>Text classifiers of every task, written from pipelines and read again: what they give is what the pipelines give.</summary>
public sealed class TaskTextClassifierTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<TaskCase> Cases => TaskCase.Cases;

    public void Dispose() => File.Delete(_path);

    [Theory, MemberData(nameof(Cases))]
    public void Load_EveryTask_GivesWhatThePipelineGives(TaskCase task)
    {
        var data = TaskTexts.Data(_ml);
        var rows = TaskTexts.Rows(TaskTexts.RowCount);
        var model = task.Pipeline(_ml).Fit(data);
        var scored = model.Transform(data);
        var classifier = Exported(model);
        switch (task.Name)
        {
            case "Regression":
                foreach (var (row, score) in rows.Zip(scored.GetColumn<float>("Score"))) Assert.Equal(score, classifier.PredictNumber(row.Text), 1e-3f);
                Assert.Empty(classifier.Labels);
                Assert.Contains("call PredictNumber", Assert.Throws<InvalidOperationException>(() => classifier.Predict("bark")).Message, StringComparison.Ordinal);
                break;
            case "MultiLabel":
                foreach (var (row, keys) in rows.Zip(scored.GetColumn<uint[]>("PredictedLabel")))
                    Assert.Equal(keys.Select(key => classifier.Labels[(int)key - 1]), classifier.PredictLabels(row.Text).Select(label => label.Label));
                Assert.Contains("call PredictLabels", Assert.Throws<InvalidOperationException>(() => classifier.Predict("bark")).Message, StringComparison.Ordinal);
                break;
            case "TokenLabels":
                foreach (var (row, keys) in rows.Zip(scored.GetColumn<uint[]>("PredictedLabel")))
                    Assert.Equal(keys.Select(key => key == 0 ? "" : classifier.Labels[(int)key - 1]), classifier.PredictWords(row.Words).Select(label => label.Label));
                Assert.Contains("call PredictWords", Assert.Throws<InvalidOperationException>(() => classifier.PredictLabels("bark")).Message, StringComparison.Ordinal);
                break;
            default:
                var probabilities = new float[2];
                foreach (var (row, probability) in rows.Zip(scored.GetColumn<float>("Probability")))
                {
                    classifier.Predict(row.Text, probabilities);
                    Assert.Equal(probability, probabilities[1], 1e-5f);
                }
                Assert.Equal(["False", "True"], classifier.Labels);
                break;
        }
        Assert.Equal(task.Name is "Binary" or "BinaryKey" ? TaskKind.SingleLabel : Enum.Parse<TaskKind>(task.Name), classifier.Task);
    }

    [Fact]
    public void Load_Thresholds_DecideAsInThePipeline()
    {
        var data = TaskTexts.Data(_ml);
        var rows = TaskTexts.Rows(TaskTexts.RowCount);
        var several = new TaskCase("MultiLabel", Pretrained: false).Pipeline(_ml, 1, options => options with { Threshold = 0.6, LabelThresholds = new Dictionary<string, double> { ["cat"] = 0.1 } }).Fit(data);
        var labels = Exported(several);
        foreach (var (row, keys) in rows.Zip(several.Transform(data).GetColumn<uint[]>("PredictedLabel")))
            Assert.Equal(keys.Select(key => labels.Labels[(int)key - 1]), labels.PredictLabels(row.Text).Select(label => label.Label));

        var binary = new TaskCase("Binary", Pretrained: false).Pipeline(_ml, 1, options => options with { Threshold = 0.25 }).Fit(data);
        var positive = Exported(binary);
        foreach (var (row, predicted) in rows.Zip(binary.Transform(data).GetColumn<bool>("PredictedLabel")))
            Assert.Equal(predicted.ToString(), positive.Predict(row.Text).Label);
    }

    private TextClassifier Exported(ITransformer model)
    {
        _ml.Model.SaveTextClassifier(model, _path);
        return TextClassifier.Load(_path);
    }
}
