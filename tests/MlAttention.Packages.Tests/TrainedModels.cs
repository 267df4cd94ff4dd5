namespace MlAttention.Packages.Tests;

/// <summary>Models that the tool trained, each as its own file, as that of a text classifier and as ONNX, in one folder.</summary>
internal sealed class TrainedModels
{
    public TrainedModels(PackedPackages packages)
    {
        Folder = packages.NewFolder("models");
        Tool = packages.UnpackTool(Path.Combine(Folder, "tool"));
        Names = [Train("nothing", "--epochs", "5"), Train("pretrained", "--pretrained", "minilm", "--epochs", "1", "--max-length", "16", "--freeze-layers", "5")];
    }

    public string Folder { get; }

    public string Tool { get; }

    /// <summary>Of each model the files' name without extension.</summary>
    public IReadOnlyList<string> Names { get; }

    private string Train(string name, params string[] options)
    {
        Shell.Program("dotnet", Folder, [Tool, "train", Repository.Rows(Folder), "--out", name + ".zip", .. options]);
        Shell.Program("dotnet", Folder, Tool, "export", name + ".zip", "--out", name + ".safetensors");
        Shell.Program("dotnet", Folder, Tool, "export", name + ".zip", "--onnx", "--out", name + ".onnx");
        return name;
    }
}
