using System.Globalization;
using System.Text.Json;

namespace MlAttention.Core.Pretrained;

/// <summary>A JSON object of settings, which are read by name; every error names the file, the setting and what it needs.</summary>
internal sealed class JsonSettings
{
    /// <summary>The longest file that is read, in bytes: index files of thousands of tensors take a few hundred thousand.</summary>
    public const int MaxBytes = 16_000_000;

    private readonly JsonElement _root;

    private JsonSettings(JsonElement root, string place) => (_root, Place) = (root, place);

    /// <summary>Where the settings stand, for errors.</summary>
    public string Place { get; }

    /// <summary>Names of the settings.</summary>
    public IEnumerable<string> Names => _root.EnumerateObject().Select(property => property.Name);

    /// <summary>Reads a file that holds an object.</summary>
    /// <exception cref="InvalidDataException">It is too long, or not JSON of an object.</exception>
    public static JsonSettings Read(string path) => Parse(path) is { ValueKind: JsonValueKind.Object } root ? new(root, path) : throw new InvalidDataException($"{path}: must hold a JSON object.");

    /// <summary>Reads a file that holds a list of objects.</summary>
    /// <exception cref="InvalidDataException">It is too long, or not JSON of a list of objects.</exception>
    public static IReadOnlyList<JsonSettings> ReadList(string path) =>
        Parse(path) is { ValueKind: JsonValueKind.Array } root && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. root.EnumerateArray().Select(item => new JsonSettings(item, path))] : throw new InvalidDataException($"{path}: must hold a JSON list of objects.");

    /// <summary>Whether there is such a setting, other than null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A whole number.</summary>
    /// <exception cref="InvalidDataException">It is missing without a default, no whole number, or out of range.</exception>
    public int Integer(string name, int? byDefault = null, int least = 1, int most = 10_000_000)
    {
        if (Find(name) is not { } value) return byDefault ?? throw Missing(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most ? number
            : throw Error(name, $"a whole number from {least} to {most} is needed");
    }

    /// <summary>A number.</summary>
    /// <exception cref="InvalidDataException">It is no finite number.</exception>
    public double Number(string name, double byDefault)
    {
        if (Find(name) is not { } value) return byDefault;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Error(name, "a number is needed");
    }

    /// <summary>True or false.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public bool Flag(string name, bool byDefault = false)
    {
        if (Find(name) is not { } value) return byDefault;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Error(name, "true or false is needed");
    }

    /// <summary>A text, or null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no text.</exception>
    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Error(name, "a text is needed");
    }

    /// <summary>A list of texts; empty when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no list of texts.</exception>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value) return [];
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : throw Error(name, "a list of texts is needed");
    }

    /// <summary>One of an enumeration's names.</summary>
    /// <exception cref="InvalidDataException">It is none of them.</exception>
    public T Choice<T>(string name, T byDefault) where T : struct, Enum
    {
        if (Text(name) is not { } text) return byDefault;
        return Array.IndexOf(Enum.GetNames<T>(), text) >= 0 ? Enum.Parse<T>(text) : throw Error(name, $"one of {string.Join(", ", Enum.GetNames<T>())} is needed");
    }

    /// <summary>An object inside, or null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no object.</exception>
    public JsonSettings? Inner(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object ? new(value, $"{Place}: '{name}'") : throw Error(name, "an object is needed");
    }

    /// <summary>An error about a setting's value.</summary>
    public InvalidDataException Error(string name, string need) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Place}: '{name}' is {Shown(Find(name))}; {need}."));

    private InvalidDataException Missing(string name) => new($"{Place}: '{name}' is missing.");

    private JsonElement? Find(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Shown(JsonElement? value)
    {
        const int longest = 100;
        string text = value?.GetRawText() ?? "missing";
        return text.Length <= longest ? text : text[..longest] + "...";
    }

    private static JsonElement Parse(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > MaxBytes) throw new InvalidDataException($"{path}: takes {stream.Length} bytes; at most {MaxBytes} are read.");
        try
        {
            using var document = JsonDocument.Parse(stream);
            RequireReadable(document.RootElement);
            return document.RootElement.Clone();
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
