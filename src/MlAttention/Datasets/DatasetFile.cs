using System.Text;

namespace MlAttention.Datasets;

/// <summary>Writes a data set as CSV (RFC 4180, UTF-8 without a byte order mark).</summary>
public static class DatasetFile
{
    /// <summary>Writes the whole file or nothing: a temporary file beside it is renamed at the end.</summary>
    /// <param name="generator">What to write.</param>
    /// <param name="path">Where; missing folders are made.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="seed">Chooses the rows.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and <paramref name="overwrite"/> is false.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The generator cannot make this number of rows.</exception>
    public static void Write(IDatasetGenerator generator, string path, int rows, int seed, bool overwrite)
    {
        if (!overwrite && File.Exists(path)) throw new IOException($"{path} exists. Choose another name, or replace it with --force.");
        string text = ToCsv(generator, rows, seed);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        string temporary = path + ".partial";
        File.WriteAllText(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(temporary, path, overwrite);
    }

    /// <summary>The file's content.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static string ToCsv(IDatasetGenerator generator, int rows, int seed)
    {
        var text = new StringBuilder();
        AppendRecord(text, generator.Columns, generator.NewLine);
        foreach (var row in generator.Generate(rows, seed)) AppendRecord(text, row, generator.NewLine);
        return text.ToString();
    }

    private static void AppendRecord(StringBuilder text, IReadOnlyList<string> fields, string newLine) =>
        text.AppendJoin(',', fields.Select(Quote)).Append(newLine);

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
