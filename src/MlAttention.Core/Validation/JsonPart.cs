using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MlAttention.Core.Validation;

/// <summary>
/// A value in a JSON file that knows where it stands, so that every error names file and place. Values are taken by walking through
/// the file, or, where an object holds settings, by their names: then an error tells the value and what is needed.
/// </summary>
internal readonly struct JsonPart
{
    /// <summary>The longest file of settings, in bytes: index files of thousands of tensors take a few hundred thousand.</summary>
    public const int MaxBytes = 16_000_000;

    private readonly string _file;
    private readonly string _place;
    private readonly JsonElement _value;

    private JsonPart(string file, string place, JsonElement value) => (_file, _place, _value) = (file, place, value);

    /// <summary>A file's content, which is an object.</summary>
    /// <exception cref="InvalidDataException">It is not JSON.</exception>
    public static JsonPart Parse(string file, byte[] content)
    {
        try
        {
            return new JsonPart(file, "the file", Root(content)).Of(JsonValueKind.Object);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file}: is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a file that holds an object of settings.</summary>
    /// <exception cref="InvalidDataException">It is too long, or not JSON of an object.</exception>
    public static JsonPart Read(string path) =>
        Settings(path) is { ValueKind: JsonValueKind.Object } root ? new(path, "the file", root) : throw new InvalidDataException($"{path}: must hold a JSON object.");

    /// <summary>Reads a file that holds a list of objects of settings.</summary>
    /// <exception cref="InvalidDataException">It is too long, or not JSON of a list of objects.</exception>
    public static IReadOnlyList<JsonPart> ReadList(string path) =>
        Settings(path) is { ValueKind: JsonValueKind.Array } root && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. root.EnumerateArray().Select(item => new JsonPart(path, "the list", item))] : throw new InvalidDataException($"{path}: must hold a JSON list of objects.");

    /// <summary>Whether there is nothing here, or null.</summary>
    public bool IsNull => _value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsText => _value.ValueKind == JsonValueKind.String;

    public bool IsArray => _value.ValueKind == JsonValueKind.Array;

    /// <summary>What stands under a name; null where nothing does.</summary>
    public JsonPart this[string name] => _value.ValueKind == JsonValueKind.Object && _value.TryGetProperty(name, out var value)
        ? new JsonPart(_file, name, value)
        : new JsonPart(_file, name, default);

    /// <summary>Where settings stand, for errors.</summary>
    public string Place => _file;

    /// <summary>Whether there is such a name, were it for null.</summary>
    public bool Contains(string name) => _value.ValueKind == JsonValueKind.Object && _value.TryGetProperty(name, out _);

    /// <summary>Whether something other than null stands under a name.</summary>
    public bool Has(string name) => !this[name].IsNull;

    /// <summary>Names of settings.</summary>
    public IEnumerable<string> Names => _value.EnumerateObject().Select(property => property.Name);

    /// <summary>The values of an array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        var (file, place) = (_file, _place);
        return Of(JsonValueKind.Array)._value.EnumerateArray().Select((value, i) => new JsonPart(file, $"{place}[{i}]", value));
    }

    /// <summary>The values of an object by their names.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Members()
    {
        var part = Of(JsonValueKind.Object);
        foreach (var member in part._value.EnumerateObject())
        {
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                throw part.Error("has a name that is not Unicode");
            }
            yield return (name, new JsonPart(part._file, name, member.Value));
        }
    }

    public string Text()
    {
        Of(JsonValueKind.String);
        try
        {
            return _value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("is not Unicode: it has half of a surrogate pair");
        }
    }

    public int Number() => Of(JsonValueKind.Number)._value.TryGetInt32(out int number) ? number : throw Error($"must be a whole number; got {_value.GetRawText()}");

    public double Real() => Of(JsonValueKind.Number)._value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Error("must be a finite number");

    public bool Flag(bool missing) => IsNull ? missing : _value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"must be true or false; got {KindName}"),
    };

    /// <summary>A setting that is a text, or null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no text.</exception>
    public string? Text(string name) => !Has(name) ? null : this[name].IsText ? this[name].Text() : throw Wrong(name, "a text is needed");

    /// <summary>A setting that is a whole number.</summary>
    /// <exception cref="InvalidDataException">It is missing without a default, no whole number, or out of range.</exception>
    public int Integer(string name, int? byDefault = null, int least = 1, int most = 10_000_000)
    {
        if (!Has(name)) return byDefault ?? throw new InvalidDataException($"{_file}: '{name}' is missing.");
        return this[name]._value is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number >= least && number <= most ? number
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most} is needed"));
    }

    /// <summary>A setting that is a number.</summary>
    /// <exception cref="InvalidDataException">It is no finite number.</exception>
    public double Number(string name, double byDefault)
    {
        if (!Has(name)) return byDefault;
        return this[name]._value is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Wrong(name, "a number is needed");
    }

    /// <summary>A setting that is true or false.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public bool Flag(string name, bool byDefault = false)
    {
        if (!Has(name)) return byDefault;
        return this[name]._value.ValueKind is JsonValueKind.True or JsonValueKind.False ? this[name].Flag(byDefault) : throw Wrong(name, "true or false is needed");
    }

    /// <summary>A setting that is a list of texts; empty when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no list of texts.</exception>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!Has(name)) return [];
        return this[name].IsArray && this[name].Items().All(item => item.IsText) ? [.. this[name].Items().Select(item => item.Text())] : throw Wrong(name, "a list of texts is needed");
    }

    /// <summary>A setting that is one of an enumeration's names.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="byDefault">What it is when it is not given.</param>
    /// <param name="except">Values that make no sense here.</param>
    /// <exception cref="InvalidDataException">It is none of them.</exception>
    public T Choice<T>(string name, T byDefault, params T[] except) where T : struct, Enum
    {
        if (Text(name) is not { } text) return byDefault;
        string[] names = [.. Enum.GetNames<T>().Except(except.Select(value => $"{value}"))];
        return names.Contains(text) ? Enum.Parse<T>(text) : throw Wrong(name, $"one of {string.Join(", ", names)} is needed");
    }

    /// <summary>Settings inside, or null when there are none.</summary>
    /// <exception cref="InvalidDataException">They are no object.</exception>
    public JsonPart? Inner(string name)
    {
        if (!Has(name)) return null;
        return this[name]._value is { ValueKind: JsonValueKind.Object } value ? new JsonPart($"{_file}: '{name}'", name, value) : throw Wrong(name, "an object is needed");
    }

    /// <summary>An error about this place.</summary>
    public InvalidDataException Error(string problem) => new($"{_file}: {_place} {problem}.");

    /// <summary>An error about a setting's value.</summary>
    public InvalidDataException Wrong(string name, string need)
    {
        const int longest = 100;
        string shown = Has(name) ? this[name]._value.GetRawText() : "missing";
        return new($"{_file}: '{name}' is {(shown.Length <= longest ? shown : shown[..longest] + "...")}; {need}.");
    }

    private string KindName => IsNull ? "nothing" : _value.ValueKind.ToString();

    private JsonPart Of(JsonValueKind kind) => _value.ValueKind == kind ? this : throw Error($"must be of kind {kind}; got {KindName}");

    private static JsonElement Root(ReadOnlyMemory<byte> content)
    {
        using var document = JsonDocument.Parse(content.Span.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content);
        return document.RootElement.Clone();
    }

    private static JsonElement Settings(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MaxBytes) throw new InvalidDataException($"{path}: takes {length} bytes; at most {MaxBytes} are read.");
        try
        {
            var root = Root(File.ReadAllBytes(path));
            RequireReadable(root);
            return root;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <exception cref="InvalidOperationException">A text is no valid UTF-16, which the parser notices only when the text is asked for.</exception>
    private static void RequireReadable(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String: element.GetString(); break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) RequireReadable(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RequireReadable(property.Value);
                }
                break;
        }
    }
}
