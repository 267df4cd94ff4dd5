using MlAttention.Core.Weights;

namespace MlAttention.Cli.Options;

/// <summary>What a command writes: checked before any work is done, so that no result is lost in the end, and written whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Room that a place must have, in bytes; about what a small model or a report takes.</summary>
    private const int NeededBytes = 1 << 20;

    /// <summary>Fails unless a file can be written there. Leaves nothing behind: missing folders are made when the file is written.</summary>
    /// <param name="path">The file; null when the option is not given.</param>
    /// <param name="force">Whether an existing file may be replaced or added to.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="InputException">It cannot be written, or exists; the message says what to do.</exception>
    public static void RequireWritable(string? path, bool force, string option = "--out")
    {
        if (path is null) return;
        if (string.IsNullOrWhiteSpace(path)) throw new InputException($"{option} \"{path}\": give the name of a file.");
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path)) throw new InputException($"{option} {path}: that is a folder; give the name of a file.");
        if (File.Exists(path) && !force) throw new InputException($"{path} exists. Choose another name, or replace it with --force.");
        Try(path, option, Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
    }

    /// <summary>Fails unless files can be written into the folder, or it can be made.</summary>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="InputException">They cannot; the message says why.</exception>
    public static void RequireWritableFolder(string path, string option)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new InputException($"{option} \"{path}\": give the name of a folder.");
        if (File.Exists(path)) throw new InputException($"{option} {path}: that is a file; give the name of a folder.");
        Try(path, option, Path.GetFullPath(path), "mlattention");
    }

    /// <summary>Writes a file whole or not at all, in a folder that is made if it is missing.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the file of the name it is given, which is renamed when it is complete.</param>
    public static void Write(string path, Action<string> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.WriteNamed(path, write);
    }

    /// <summary>Writes a text whole or not at all, in a folder that is made if it is missing.</summary>
    public static void WriteText(string path, string text) => Write(path, file => File.WriteAllText(file, text));

    // Asking for permissions does not tell: only writing does, of full disks too.
    private static void Try(string path, string option, string folder, string name)
    {
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder)) throw new InputException($"{option} {path}: {folder} is a file, so there can be no folder of that name.");
            folder = Path.GetDirectoryName(folder) ?? throw new InputException($"{option} {path}: {folder} does not exist.");
        }
        try
        {
            if (File.Exists(path)) File.Open(path, FileMode.Open, FileAccess.Write).Dispose();
            using var probe = new FileStream(AtomicFile.TemporaryName(Path.Combine(folder, name)), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            probe.Write(new byte[NeededBytes]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option} {path}: cannot be written: {error.Message}", error);
        }
    }
}
