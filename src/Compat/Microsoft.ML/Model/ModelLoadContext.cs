using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>The place of one component in a model file that is being read.</summary>
internal sealed class ModelLoadContext
{
    private const int MaximumDepth = 64;

    private readonly ZipArchive _archive;
    private readonly string _path;
    private readonly int _depth;

    public ModelLoadContext(ZipArchive archive, string path, int depth = 0)
    {
        if (depth > MaximumDepth)
        {
            throw new InvalidDataException($"The model file nests components more than {MaximumDepth} deep.");
        }

        _archive = archive;
        _path = path;
        _depth = depth;
        Reader = ModelEntry.Open(archive, ModelSaveContext.ComponentEntry(path));
        Signature = Reader.ReadString();
    }

    public string Signature { get; }

    public ModelReader Reader { get; }

    public ITransformer LoadChild(string name) => ComponentLoaders.Load(new ModelLoadContext(_archive, $"{_path}/{name}", _depth + 1));
}
