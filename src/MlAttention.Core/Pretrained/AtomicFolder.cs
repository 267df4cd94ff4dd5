namespace MlAttention.Core.Pretrained;

/// <summary>Writes folders that are either whole or as they were: first beside the target, then renamed to it.</summary>
internal static class AtomicFolder
{
    /// <summary>Writes a folder; one that is there is replaced if it holds nothing but what such a folder holds.</summary>
    /// <param name="path">The folder; made with those above it where there is none.</param>
    /// <param name="isKnown">Whether a name in an existing folder is of what is replaced.</param>
    /// <param name="write">Writes the files into the folder that it is given.</param>
    /// <exception cref="IOException">The folder has something else, or cannot be written.</exception>
    public static void Write(string path, Func<string, bool> isKnown, Action<string> write)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(target)) throw new IOException($"{path}: is a file; a folder is to be written.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal).FirstOrDefault(name => !isKnown(name)) is { } other)
            throw new IOException($"{path}: has '{other}', which is not of a model that this would replace. Choose a new or an empty folder.");

        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
        string temporary = Directory.CreateDirectory(AtomicFile.TemporaryName(target)).FullName;
        try
        {
            write(temporary);
            Replace(target, temporary);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private static void Replace(string target, string written)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(written, target);
            return;
        }
        string old = AtomicFile.TemporaryName(target);
        Directory.Move(target, old);
        try
        {
            Directory.Move(written, target);
        }
        catch
        {
            Directory.Move(old, target);
            throw;
        }
        Directory.Delete(old, recursive: true);
    }
}
