using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline.Tasks;

namespace MlAttention.Tests.Onnx;

/// <summary>Pipelines that are asked for something else than one label, written as ONNX.</summary>
public sealed class SaveOnnxTaskTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ApplyOnnxModel_SeveralLabels_GivesTheProbabilityOfEach(bool pretrained)
    {
        var (texts, model, path) = Written("MultiLabel", pretrained);

        var expected = model.Transform(texts).GetColumn<float[]>("Score").ToArray();
        var scored = Scored(path, texts, "probabilities");

        Assert.All(expected.Zip(scored), pair => Assert.All(pair.First.Zip(pair.Second), values => Assert.Equal(values.First, values.Second, 1e-5f)));
        Assert.Contains(expected, row => row.Sum() is < 0.9f or > 1.1f);                   // no softmax gives that
    }

    [Fact]
    public void ApplyOnnxModel_Number_IsTheLogit()
    {
        var (texts, model, path) = Written("Regression", pretrained: false);

        var expected = model.Transform(texts).GetColumn<float>("Score").ToArray();

        Assert.All(expected.Zip(Scored(path, texts, "logits")), pair => Assert.Equal(pair.First, Assert.Single(pair.Second), 1e-5f * Math.Abs(pair.First)));
    }

    [Fact]
    public void TokenizeForOnnx_ModelOfWords_SaysWhereIdsComeFrom()
    {
        var (_, _, path) = Written("TokenLabels", pretrained: false);

        Assert.EndsWith("Make the ids with TokenizeWords: a key - 1 is the id.", Assert.Throws<NotSupportedException>(() => _ml.Attention().TokenizeForOnnx(path)).Message, StringComparison.Ordinal);
        Assert.Equal(["B-cat", "B-dog", "I-cat", "I-dog", "O"], OnnxLabels.Of(path).Order(StringComparer.Ordinal));
    }

    private (IDataView Texts, ITransformer Model, string Path) Written(string task, bool pretrained)
    {
        var texts = TaskTexts.Data(_ml);
        var model = new TaskCase(task, pretrained).Pipeline(_ml).Fit(texts);
        string path = _folder.File("model.onnx");
        _ml.Model.SaveOnnx(model, path);
        return (texts, model, path);
    }

    private IEnumerable<float[]> Scored(string path, IDataView texts, string output) =>
        _ml.Attention().TokenizeForOnnx(path).Append(_ml.Transforms.ApplyOnnxModel([output], ["input_ids", "attention_mask"], path)).Fit(texts).Transform(texts).GetColumn<float[]>(output);
}
