using System.Diagnostics;
using Microsoft.ML;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Pipeline;
using TorchSharp;

namespace MlAttention.Tests.Serving;

public class ScoringProcessTests
{
    [LinuxFact]
    public void Run_ModelTrainedByTorchSharp_LoadsNoTorchAndUsesNoThreadsButTheCallers()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        var options = TinyTexts.Classifier with { Training = TinyTexts.Classifier.Training with { Compute = new() { Engine = EngineKind.TorchSharp, Threads = 1 }, Epochs = 1 } };
        var data = TinyTexts.Data(ml, 53);
        var pipeline = TinyTexts.Preparation(ml).Append(ml.Attention().Classifier(options)).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
        var model = pipeline.Fit(data);
        ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        ml.Model.SaveTextClassifier(model, folder.File("model.safetensors"));

        var lines = Run(folder.File("model.zip"), folder.File("model.safetensors"));

        Assert.Contains(lines, line => line.EndsWith("\thoot night", StringComparison.Ordinal));
        Assert.Contains("pool 0", lines);
        Assert.Contains("library libcoreclr.so", lines);
        Assert.DoesNotContain(lines, ScoringProcess.IsOfTorch);
        using var tensor = torch.zeros(1);
        Assert.Contains(ScoringProcess.Libraries(), ScoringProcess.IsOfTorch); // this process did load it
    }

    private static string[] Run(string model, string textClassifier)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ScoringProcess).Assembly.Location, "score", model, textClassifier]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        return output.TrimEnd().Split('\n');
    }
}
