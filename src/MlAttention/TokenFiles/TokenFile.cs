using System.Text;
using System.Text.Json;

namespace MlAttention.TokenFiles;

/// <summary>A sentence: its words, and a label for each where there are labels.</summary>
internal sealed record Sentence(string[] Words, string[] Labels);

/// <summary>A row of a data view with labels.</summary>
internal sealed class LabelledSentence
{
    public string[] Words { get; set; } = [];

    public string[] Label { get; set; } = [];
}

/// <summary>A row of a data view without.</summary>
internal sealed class UnlabelledSentence
{
    public string[] Words { get; set; } = [];
}

/// <summary>Reads the sentences of files with a label for each word; every error names file, line and fix.</summary>
internal sealed class TokenFile(string path, TokenFileOptions options)
{
    private const string DocumentStart = "-DOCSTART-";
    private static readonly string[] JsonExtensions = [".jsonl", ".ndjson", ".json"];

    /// <exception cref="InvalidDataException">The file has no sentence, is not UTF-8, or a line cannot be read.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public IReadOnlyList<Sentence> Read()
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file.", path);
        bool isJson = options.Form == TokenFileForm.JsonLines
            || (options.Form == TokenFileForm.ByExtension && JsonExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            List<Sentence> sentences = [.. isJson ? JsonLines(reader) : Conll(reader)];
            return sentences.Count > 0 ? sentences : throw new InvalidDataException($"{path}: there is no sentence in the file.");
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{path}: the file is not UTF-8. Convert it, for example with iconv.", exception);
        }
    }

    private IEnumerable<Sentence> Conll(StreamReader reader)
    {
        List<string> words = [], labels = [];
        int number = 0, fields = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                if (Take() is { } sentence) yield return sentence;
                continue;
            }
            if (line.StartsWith(DocumentStart, StringComparison.Ordinal) || (options.CommentPrefix is { } prefix && line.StartsWith(prefix, StringComparison.Ordinal))) continue;
            string[] parts = options.Delimiter is { } delimiter ? line.Split(delimiter) : line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields == 0) fields = parts.Length;
            if (parts.Length != fields) throw Error(number, $"the line has {Fields(parts.Length)}, the first one {Fields(fields)}: '{Excerpt(line)}'. A line is a word with its fields, and sentences have an empty line between them");
            words.Add(Field(parts, options.WordField, nameof(options.WordField), number));
            if (options.HasLabels && parts.Length < 2) throw Error(number, $"the line has a word and no label: '{Excerpt(line)}'. Set HasLabels = false to read words alone, or Delimiter to what separates fields");
            if (options.HasLabels) labels.Add(Field(parts, options.LabelField ?? parts.Length - 1, nameof(options.LabelField), number));
        }
        if (Take() is { } last) yield return last;

        Sentence? Take()
        {
            if (words.Count == 0) return null;
            var sentence = new Sentence([.. words], [.. labels]);
            words.Clear();
            labels.Clear();
            return sentence;
        }
    }

    private IEnumerable<Sentence> JsonLines(StreamReader reader)
    {
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var sentence = Parse(line, number);
            if (options.HasLabels && sentence.Labels.Length != sentence.Words.Length)
                throw Error(number, string.Create(CultureInfo.InvariantCulture, $"there are {sentence.Words.Length} words and {sentence.Labels.Length} labels; each word needs one"));
            yield return sentence;
        }
    }

    private Sentence Parse(string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return new Sentence(Texts(document.RootElement, options.WordsProperty, number), options.HasLabels ? Texts(document.RootElement, options.LabelsProperty, number) : []);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(Place(number) + $"the line is not JSON: {exception.Message}", exception);
        }
    }

    private string[] Texts(JsonElement line, string property, int number)
    {
        if (line.ValueKind != JsonValueKind.Object) throw Error(number, "the line must be a JSON object");
        if (!line.TryGetProperty(property, out var list))
            throw Error(number, $"there is no property '{property}'; there are {SafetensorsReader.List(line.EnumerateObject().Select(other => other.Name))}. Set WordsProperty and LabelsProperty to those of the file");
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw Error(number, $"'{property}' must be a list of texts");
        return [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }

    private string Field(string[] parts, int index, string option, int number) => index < parts.Length ? parts[index]
        : throw Error(number, string.Create(CultureInfo.InvariantCulture, $"there is no field {index}: lines have {Fields(parts.Length)}, 0 to {parts.Length - 1}. Correct {option}"));

    private InvalidDataException Error(int number, string problem) => new($"{Place(number)}{problem}.");

    private string Place(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: ");

    private static string Fields(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "field" : "fields")}");

    private static string Excerpt(string line) => line.Length <= 60 ? line : line[..60] + "…";
}
