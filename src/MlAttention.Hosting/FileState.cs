namespace MlAttention.Hosting;

/// <summary>What tells that a file has changed, without reading it: the file that its links lead to, when that was written, and its length in bytes.</summary>
/// <remarks>Links are followed because mounted models are often replaced by turning a link, which leaves the link's own folder as it was.</remarks>
internal readonly record struct FileState(string Target, DateTime Written, long Length)
{
    /// <summary>The file's state now; the default when there is no file that can be looked at.</summary>
    public static FileState Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return file.Exists ? new(file.FullName, file.LastWriteTimeUtc, file.Length) : default;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
