using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlAttention.Pipeline.Persistence;

/// <summary>Opens model files that hold this library's components.</summary>
internal static class ModelFile
{
    /// <summary>Loads a file.</summary>
    public static ITransformer Load(ModelOperationsCatalog catalog, string path, IHostEnvironment? environment, out DataViewSchema inputSchema)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Load(catalog, stream, path, environment, out inputSchema);
    }

    /// <summary>
    /// Loads from where ML.NET's Model.Load does: a stream that can seek is the file from its first byte, wherever it stands, since a zip
    /// is read from its end; of another one the rest is read.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged, hostile, of a newer version, or no ML.NET model.</exception>
    public static ITransformer Load(ModelOperationsCatalog catalog, Stream stream, string place, IHostEnvironment? environment, out DataViewSchema inputSchema)
    {
        try
        {
            using var seekable = Seekable(stream);
            ModelFileCheck.Check(seekable, place);
            return ModelCarrier.Replace(catalog.Load(seekable, out inputSchema), environment);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(exception.Message.Contains(place, StringComparison.Ordinal) ? exception.Message : $"{place} cannot be loaded: {exception.Message}", exception);
        }
        catch (Exception exception) when (IsAboutContent(exception))
        {
            throw new InvalidDataException($"{place} is damaged, or is not an ML.NET model: {exception.Message}", exception);
        }
    }

    /// <summary>What ML.NET's reader throws when it stumbles over bytes; errors of the machine are not about the file.</summary>
    private static bool IsAboutContent(Exception exception) => exception is
        ArgumentException or FormatException or InvalidOperationException or NotSupportedException or OverflowException or
        IndexOutOfRangeException or InvalidCastException or NullReferenceException or EndOfStreamException or
        System.Reflection.TargetInvocationException or KeyNotFoundException;

    /// <summary>What ML.NET may dispose; the caller's stream stays open.</summary>
    private static Stream Seekable(Stream stream)
    {
        if (stream.CanSeek) return new UnownedStream(stream);
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
