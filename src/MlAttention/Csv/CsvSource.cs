namespace MlAttention.Csv;

/// <summary>Where CSV text comes from. It can be opened any number of times, because ML.NET reads data in several passes.</summary>
internal sealed class CsvSource
{
    private static readonly byte[] s_gzip = [0x1F, 0x8B];

    /// <summary>How files begin that hold no text as they are.</summary>
    private static readonly (byte[] Start, string Kind)[] s_noText =
    [
        ("PK\u0003\u0004"u8.ToArray(), "a zip file, as Excel workbooks are. Unpack it, or save the sheet as CSV UTF-8"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook. Save the sheet as CSV UTF-8"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "compressed with xz. Unpack it, or compress it with gzip"),
        ([(byte)'B', (byte)'Z', (byte)'h'], "compressed with bzip2. Unpack it, or compress it with gzip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd. Unpack it, or compress it with gzip"),
        ("PAR1"u8.ToArray(), "a Parquet file. Save the table as CSV"),
    ];

    private readonly Func<Stream> _open;

    private CsvSource(string name, Func<Stream> open) => (Name, _open) = (name, open);

    /// <summary>What errors call it: a file's path, as it was given.</summary>
    public string Name { get; }

    /// <summary>A file. What can be read only once, such as a pipe, is copied to a temporary file now.</summary>
    /// <exception cref="CsvDataException">It cannot be opened or copied.</exception>
    public static CsvSource OfFile(string path)
    {
        FileStream file;
        try
        {
            file = OpenFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotOpen(path, error);
        }

        using (file) return file.CanSeek ? new CsvSource(path, () => OpenFile(path)) : OfStream(path, file);
    }

    /// <summary>What is left of a stream; it is copied to a temporary file now.</summary>
    /// <exception cref="CsvDataException">It cannot be read or copied.</exception>
    public static CsvSource OfStream(string name, Stream stream)
    {
        try
        {
            return new CsvSource(name, SpooledFile.Of(stream).OpenRead);
        }
        catch (IOException error)
        {
            throw new CsvDataException(error.Message, name, innerException: error);
        }
    }

    /// <summary>The bytes of the text from the beginning; what is compressed with gzip, whatever its name, is unpacked.</summary>
    /// <exception cref="CsvDataException">It cannot be opened, or holds no text.</exception>
    public Stream Open()
    {
        Stream? stream = null;
        try
        {
            stream = _open();
            Span<byte> start = stackalloc byte[8];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            stream.Position = 0;
            foreach (var (signature, kind) in s_noText)
                if (start.StartsWith(signature)) throw new CsvDataException($"the file is {kind}.", Name);
            return start.StartsWith(s_gzip) ? new WholeGzipStream(stream, Name) : stream;
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is IOException or UnauthorizedAccessException) throw CannotOpen(Name, error);
            throw;
        }
    }

    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);

    private static CsvDataException CannotOpen(string name, Exception error) => new($"the file cannot be opened: {error.Message}", name, innerException: error);
}

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
