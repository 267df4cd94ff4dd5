using System.Text.Json.Nodes;

namespace MlAttention.Tests.Pretrained;

/// <summary>A copy of one of the tiny checkpoints beside the golden files, to be changed.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    /// <summary>Names of the checkpoints.</summary>
    public static readonly string[] Names =
        ["bert", "bert-classifier", "distilbert", "distilbert-classifier", "roberta", "roberta-classifier", "xlm-roberta-classifier"];

    private readonly string _root = Directory.CreateTempSubdirectory("mlattention-").FullName;

    public CheckpointFolder(string name)
    {
        Folder = Path.Combine(_root, name);
        foreach (string file in Directory.GetFiles(Golden(name), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Folder, Path.GetRelativePath(Golden(name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Folder { get; }

    /// <summary>Where a checkpoint lies.</summary>
    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "pretrained", name);

    public string this[string file] => Path.Combine(Folder, file);

    /// <summary>A path beside the folder that nothing has.</summary>
    public string Beside(string name) => Path.Combine(_root, name);

    public PretrainedEncoder Load() => PretrainedEncoder.Load(Folder);

    /// <summary>Changes an object of a JSON file.</summary>
    public void Edit(string file, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(this[file]))!.AsObject();
        change(json);
        File.WriteAllText(this[file], json.ToJsonString());
    }

    /// <summary>Replaces or removes a setting of config.json.</summary>
    public void Set(string setting, string? json) => Edit("config.json", config =>
    {
        if (json is null) config.Remove(setting);
        else config[setting] = JsonNode.Parse(json);
    });

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
