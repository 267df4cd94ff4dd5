namespace MlAttention.Data;

/// <summary>From paths and patterns to existing files.</summary>
internal static class CsvFiles
{
    /// <summary>
    /// The files of each path in order; those of a pattern (* and ? in the file name, ** for any folder) in ordinal order.
    /// </summary>
    /// <exception cref="CsvDataException">A file is missing or named twice, or a pattern matches none.</exception>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0) throw new ArgumentException("At least one path is needed.", nameof(paths));

        var files = paths.SelectMany(Expand).ToArray();
        RequireDifferent(files);
        return files;
    }

    /// <summary>The file that a path names, or those that match it as a pattern.</summary>
    /// <exception cref="CsvDataException">The file is missing, or the pattern matches none.</exception>
    public static IReadOnlyList<string> Expand(string path) => IsPattern(path) ? Match(path) : [Existing(path)];

    /// <summary>Fails if a file stands among them twice.</summary>
    /// <exception cref="CsvDataException">It does.</exception>
    public static void RequireDifferent(IEnumerable<string> files)
    {
        var twice = files.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new CsvDataException("the file is given twice; its rows would count twice.", twice.First());
    }

    private static bool IsPattern(string path) => !File.Exists(path) && path.AsSpan().ContainsAny('*', '?');

    private static string Existing(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path)) return path;
        var problem = Directory.Exists(path)
            ? $"this is a folder; give a file or a pattern such as {Path.Combine(path, "*.csv")}."
            : $"the file does not exist (looked for {Path.GetFullPath(path)}).";
        throw new CsvDataException(problem, path);
    }

    private static string[] Match(string pattern)
    {
        var name = Path.GetFileName(pattern);
        var folder = Path.GetDirectoryName(pattern) ?? "";
        var search = SearchOption.TopDirectoryOnly;
        if (Path.GetFileName(folder) == "**")
        {
            search = SearchOption.AllDirectories;
            folder = Path.GetDirectoryName(folder) ?? "";
        }

        if (folder.AsSpan().ContainsAny('*', '?'))
            throw new CsvDataException("a pattern may have * and ? in the file name, and ** as the last folder.", pattern);
        if (folder.Length > 0 && !Directory.Exists(folder))
            throw new CsvDataException($"the folder {Path.GetFullPath(folder)} does not exist.", pattern);

        var files = Directory.GetFiles(folder.Length == 0 ? "." : folder, name, search)
            .Select(file => folder.Length == 0 ? Path.GetRelativePath(".", file) : file).Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? files : throw new CsvDataException("no file matches the pattern.", pattern);
    }
}
