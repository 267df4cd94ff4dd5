using System.IO.Compression;
using System.Text;

namespace Microsoft.ML;

/// <summary>The model file of the stand-in: a zip with a marker entry, the input schema and a tree of components.</summary>
internal static class ModelFile
{
    private const string MarkerEntry = "compat.txt";
    private const string Marker = "MlAttention compat model, version 1\n";
    private const string SchemaEntry = "schema";
    private const string ModelPath = "model";
    private const string RootChild = "root";

    public static void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (Stream marker = archive.CreateEntry(MarkerEntry, CompressionLevel.NoCompression).Open())
        {
            marker.Write(Encoding.UTF8.GetBytes(Marker));
        }

        if (inputSchema is not null)
        {
            ModelEntry.Write(archive, SchemaEntry, writer => SchemaFormat.Save(inputSchema, writer));
        }

        using var context = new ModelSaveContext(archive, ModelPath);
        context.SaveChild(RootChild, model);
    }

    public static ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            CheckMarker(archive);
            inputSchema = archive.GetEntry(SchemaEntry) is null ? null : SchemaFormat.Load(ModelEntry.Open(archive, SchemaEntry));
            return ComponentLoaders.Load(new ModelLoadContext(archive, $"{ModelPath}/{RootChild}"));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or OverflowException or NotSupportedException or EndOfStreamException)
        {
            throw new InvalidDataException($"The model file is not valid: {error.Message}", error);
        }
    }

    private static void CheckMarker(ZipArchive archive)
    {
        if (archive.GetEntry(MarkerEntry) is not { } marker)
        {
            bool official = archive.Entries.Any(entry => entry.Name is "Model.key" or "Version.txt");
            throw new InvalidDataException(official
                ? "The model file was written by the official Microsoft.ML packages; this program runs on the stand-ins (MlAttentionPackages=compat), which cannot read it. Build with -p:MlAttentionPackages=official."
                : $"The model file has no entry '{MarkerEntry}': it is not a model that the stand-ins (MlAttentionPackages=compat) wrote.");
        }

        var text = new byte[Encoding.UTF8.GetByteCount(Marker)];
        using Stream stream = marker.Open();
        int read = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (Encoding.UTF8.GetString(text, 0, read) != Marker)
        {
            throw new InvalidDataException($"The model file is of another version than '{Marker.TrimEnd()}'.");
        }
    }
}
