namespace MlAttention.Core.Weights;

/// <summary>Writes files that are either whole or absent: first beside the target, then renamed over it.</summary>
internal static class AtomicFile
{
    /// <summary>Writes the file through <paramref name="write"/>; on any error the target is as it was.</summary>
    public static void Write(string path, Action<Stream> write) => WriteNamed(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
        write(stream);
        stream.Flush(flushToDisk: true);
    });

    /// <summary>The same for what writes to a file by its name.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the file of the name it is given, which is renamed when it is complete.</param>
    public static void WriteNamed(string path, Action<string> write)
    {
        string temporary = TemporaryName(path);
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name beside a file that nothing else has.</summary>
    public static string TemporaryName(string path) => $"{path}.{Guid.NewGuid():N}.tmp";
}
