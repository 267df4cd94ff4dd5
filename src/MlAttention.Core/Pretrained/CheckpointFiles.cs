namespace MlAttention.Core.Pretrained;

/// <summary>The tensors of a folder's checkpoint: one safetensors file, or several with an index that says which tensor is in which.</summary>
internal sealed class CheckpointFiles : IDisposable
{
    /// <summary>The file of a checkpoint in one piece.</summary>
    public const string FileName = "model.safetensors";

    private const string IndexName = FileName + ".index.json";

    private readonly Dictionary<string, SafetensorsReader> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    private CheckpointFiles(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Number of tensors.</summary>
    public int Count => _places.Count;

    /// <summary>What the checkpoint is called in errors.</summary>
    public string Place => Path.Combine(Folder, _files.Count == 1 && _files.ContainsKey(FileName) ? FileName : IndexName);

    /// <summary>Opens a folder's checkpoint and reads the headers alone.</summary>
    /// <exception cref="FileNotFoundException">There is none, or a file of it is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the index does not agree with the files.</exception>
    public static CheckpointFiles Open(string folder)
    {
        var files = new CheckpointFiles(folder);
        try
        {
            if (File.Exists(Path.Combine(folder, FileName))) files.OpenSingle();
            else if (File.Exists(Path.Combine(folder, IndexName))) files.OpenShards();
            else throw Missing(folder);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _places.ContainsKey(name);

    /// <summary>The file that holds a tensor, for errors.</summary>
    public string PlaceOf(string name) => Path.Combine(Folder, _places[name]);

    /// <summary>The shape of a tensor that there is.</summary>
    public IReadOnlyList<long> ShapeOf(string name) => _files[_places[name]].ShapeOf(name)!;

    /// <summary>Checks that a tensor that there is can be read as float32.</summary>
    /// <exception cref="InvalidDataException">Its data type is another, or it is too large.</exception>
    public void RequireReadable(string name) => _files[_places[name]].RequireReadable(name);

    /// <summary>Reads a tensor's first values.</summary>
    public void Read(string name, Span<float> values) => _files[_places[name]].Read(name, values);

    /// <summary>Some names, for errors.</summary>
    public string ListNames() => SafetensorsReader.List(_places.Keys.Order(StringComparer.Ordinal));

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
    }

    private void OpenSingle()
    {
        var file = SafetensorsReader.Open(Path.Combine(Folder, FileName));
        _files.Add(FileName, file);
        foreach (string name in file.Names) _places.Add(name, FileName);
    }

    private void OpenShards()
    {
        var index = JsonPart.Read(Path.Combine(Folder, IndexName));
        var map = index.Inner("weight_map") ?? throw index.Wrong("weight_map", "the file of each tensor is needed");
        foreach (string name in map.Names)
        {
            string shard = map.Text(name) ?? throw map.Wrong(name, "the name of a file is needed");
            if (shard.AsSpan().ContainsAny('/', '\\', ':') || !shard.EndsWith(".safetensors", StringComparison.Ordinal)) throw map.Wrong(name, "the name of a safetensors file of this folder is needed");
            if (!_files.TryGetValue(shard, out var file)) _files.Add(shard, file = OpenShard(shard, map.Place));
            if (!file.Has(name)) throw new InvalidDataException($"{Path.Combine(Folder, shard)}: has no tensor '{name}', though {IndexName} says so; it has {SafetensorsReader.List(file.Names)}.");
            _places[name] = shard;
        }
    }

    private SafetensorsReader OpenShard(string shard, string index)
    {
        string path = Path.Combine(Folder, shard);
        return File.Exists(path) ? SafetensorsReader.Open(path) : throw new FileNotFoundException($"{index} names the file {shard}, which is not in the folder. Copy all files of the checkpoint.", path);
    }

    private static FileNotFoundException Missing(string folder)
    {
        string found = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => Path.GetExtension(name) is ".bin" or ".pt" or ".h5" or ".msgpack" or ".onnx" or ".ot" || name.EndsWith(".bin.index.json", StringComparison.Ordinal)) ?? "";
        string[] onnx = found.Length == 0 && Directory.Exists(Path.Combine(folder, "onnx")) ? ["onnx"] : [];
        string has = found.Length > 0 ? $"it has {found}, and weights are read as safetensors only"
            : onnx.Length > 0 ? "it has a folder onnx, and weights are read as safetensors only" : $"there is neither this nor {IndexName}";
        return new FileNotFoundException($"{Path.Combine(folder, FileName)}: is missing; {has}. Download {FileName} of the model from Hugging Face where it has one, or convert it once in Python, " +
            "with the packages transformers and torch: AutoModel.from_pretrained(folder).save_pretrained(folder), where a trained classifier needs AutoModelForSequenceClassification and " +
            "weights of TensorFlow from_tf=True.", Path.Combine(folder, FileName));
    }
}
