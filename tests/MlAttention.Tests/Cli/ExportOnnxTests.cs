using System.Text.Json;
using Microsoft.ML;
using MlAttention.Tests.Onnx;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Cli;

/// <summary>mlattention export --onnx.</summary>
public sealed class ExportOnnxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_Onnx_WritesAModelThatHasTheLabels()
    {
        string model = Trained();

        var run = CliRun.Of("export", model, "--onnx", "--out", _folder.File("model.onnx"), "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(_folder.File("model.onnx"), JsonDocument.Parse(run.Output).RootElement.GetProperty("onnx").GetString());
        Assert.Equal(["cat", "dog", "owl"], OnnxLabels.Of(_folder.File("model.onnx")).Order());
    }

    [Fact]
    public void Export_Int8_IsSmaller()
    {
        string model = Trained(TinyTexts.Classifier with { ModelWidth = 64, FeedForwardWidth = 64 });

        var whole = CliRun.Of("export", model, "--onnx", "--out", _folder.File("model.onnx"), "--quiet");
        var small = CliRun.Of("export", model, "--onnx", "--precision", "int8", "--out", _folder.File("int8.onnx"), "--quiet");

        Assert.Equal((0, 0), (whole.ExitCode, small.ExitCode));
        Assert.InRange(new FileInfo(_folder.File("int8.onnx")).Length, 1, new FileInfo(_folder.File("model.onnx")).Length - 1);
    }

    [Theory]
    [InlineData("--precision says how ONNX is written; give --onnx too.", "--precision", "int8")]
    [InlineData("--precision int4: there is no such value. There are: float32, float16, int8.", "--onnx", "--precision", "int4")]
    public void Export_WrongPrecision_SaysWhy(string expected, params string[] options)
    {
        var run = CliRun.Of(["export", _folder.Write("model.zip", "none"), "--out", _folder.File("out"), .. options]);

        Assert.Equal((2, $"mlattention: {expected}"), (run.ExitCode, run.ErrorMessage));
        Assert.Equal(["model.zip"], _folder.FileNames);
    }

    [Fact]
    public void Export_DamagedModel_IsOneError()
    {
        string model = Trained();
        File.WriteAllBytes(model, File.ReadAllBytes(model)[..2000]);

        var run = CliRun.Of("export", model, "--onnx", "--out", _folder.File("model.onnx"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(model, Assert.Single(run.ErrorMessage.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(["model.zip"], _folder.FileNames);
    }

    [Fact]
    public void Export_ModelOnAnotherEngine_NamesWhatIsNotCovered()
    {
        string model = Trained(TinyTexts.Classifier with { Encoder = EncoderKind.Gru });

        var run = CliRun.Of("export", model, "--onnx", "--out", _folder.File("model.onnx"));

        Assert.Equal((2, "mlattention: The model cannot become ONNX, where what the managed engine covers can: it has attention encoders only, not Gru."), (run.ExitCode, run.ErrorMessage));
    }

    private string Trained(AttentionClassifierOptions? options = null)
    {
        var ml = new MLContext(seed: 1);
        var data = TinyTexts.Data(ml, 29);
        ml.Model.Save(TinyTexts.Pipeline(ml, options).Fit(data), data.Schema, _folder.File("model.zip"));
        return _folder.File("model.zip");
    }
}
