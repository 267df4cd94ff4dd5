using System.Text;
using System.Text.Json;

namespace MlAttention.Core.Text.Subwords;

/// <summary>A value in a JSON file that knows where it stands, so that every error names file and place.</summary>
internal readonly struct JsonPart
{
    private readonly string _file;
    private readonly string _place;
    private readonly JsonElement _value;

    private JsonPart(string file, string place, JsonElement value) => (_file, _place, _value) = (file, place, value);

    /// <summary>A file's content.</summary>
    /// <exception cref="InvalidDataException">It is not JSON.</exception>
    public static JsonPart Parse(string file, byte[] content)
    {
        var bytes = content.AsMemory(content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return new JsonPart(file, "the file", document.RootElement.Clone()).Of(JsonValueKind.Object);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file}: is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Whether there is nothing here, or null.</summary>
    public bool IsNull => _value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsText => _value.ValueKind == JsonValueKind.String;

    public bool IsArray => _value.ValueKind == JsonValueKind.Array;

    /// <summary>What stands under a name; null where nothing does.</summary>
    public JsonPart this[string name] => _value.ValueKind == JsonValueKind.Object && _value.TryGetProperty(name, out var value)
        ? new JsonPart(_file, name, value)
        : new JsonPart(_file, name, default);

    public bool Has(string name) => _value.ValueKind == JsonValueKind.Object && _value.TryGetProperty(name, out _);

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

    /// <summary>An error about this place.</summary>
    public InvalidDataException Error(string problem) => new($"{_file}: {_place} {problem}.");

    private string KindName => IsNull ? "nothing" : _value.ValueKind.ToString();

    private JsonPart Of(JsonValueKind kind) => _value.ValueKind == kind ? this : throw Error($"must be of kind {kind}; got {KindName}");
}
