namespace MlAttention.Weights;

/// <summary>Writes files that are either whole or absent: first beside the target, then renamed over it.</summary>
internal static class AtomicFile
{
    /// <summary>Writes the file through <paramref name="write"/>; on any error the target is as it was.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
