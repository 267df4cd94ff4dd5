using System.IO.Compression;
using Microsoft.ML.Compat;

namespace Microsoft.ML;

/// <summary>The place of one component in a model file that is being written.</summary>
public sealed class ModelSaveContext : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _path;
    private bool _written;

    internal ModelSaveContext(ZipArchive archive, string path)
    {
        _archive = archive;
        _path = path;
    }

    public void Dispose()
    {
    }

    /// <summary>Writes the component: the signature by which its loader is found, then its state.</summary>
    internal void Write(string signature, Action<ModelWriter> writeState)
    {
        if (_written)
        {
            throw new InvalidOperationException($"'{_path}' holds one component; a second one ('{signature}') was written.");
        }

        _written = true;
        ModelEntry.Write(_archive, ComponentEntry(_path), writer =>
        {
            writer.Write(signature);
            writeState(writer);
        });
    }

    internal void SaveChild(string name, ICanSaveModel child)
    {
        Guard.NotNull(child, nameof(child));
        using var context = new ModelSaveContext(_archive, $"{_path}/{name}");
        child.Save(context);
        if (!context._written)
        {
            throw new InvalidOperationException($"{child.GetType()} saved nothing: its Save must delegate to a component of Microsoft.ML.");
        }
    }

    internal static string ComponentEntry(string path) => $"{path}/component";
}
