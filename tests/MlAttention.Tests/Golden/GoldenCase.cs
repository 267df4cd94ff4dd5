using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>One case of a golden file. A path like "config.H" goes into objects.</summary>
internal sealed class GoldenCase(JsonElement element)
{
    public string Name => Has("name") ? Text("name") : "";

    /// <summary>Whether there is a value other than null.</summary>
    public bool Has(string path) => Find(path) is { ValueKind: not JsonValueKind.Null };

    public double Number(string path) => Require(path).GetDouble();

    public int Integer(string path) => Require(path).GetInt32();

    public bool Flag(string path) => Require(path).GetBoolean();

    public string Text(string path) => Require(path).GetString()!;

    public double[] Numbers(string path) => [.. Flatten(path).Select(NumberOf)];

    public int[] Integers(string path) => [.. Flatten(path).Select(value => value.GetInt32())];

    /// <summary>The size of each dimension, of a tensor or of nested arrays.</summary>
    public long[] Shape(string path)
    {
        var value = Require(path);
        if (value.ValueKind == JsonValueKind.Object) return [.. value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        List<long> shape = [];
        for (; value.ValueKind == JsonValueKind.Array; value = value[0]) shape.Add(value.GetArrayLength());
        return [.. shape];
    }

    /// <summary>A tensor of numbers, from {"shape","data"} or from nested arrays.</summary>
    public Tensor Tensor(string path, ScalarType type = ScalarType.Float32) => tensor(Numbers(path), Shape(path), dtype: type);

    /// <summary>A boolean tensor that is True where the file says False: may attend instead of blocked.</summary>
    public Tensor Allowed(string path) =>
        tensor(Flatten(path).Select(value => value.ValueKind == JsonValueKind.False).ToArray(), Shape(path));

    /// <summary>The names in an object, for example of "params".</summary>
    public IEnumerable<string> Keys(string path) => Require(path).EnumerateObject().Select(property => property.Name);

    /// <summary>The tensors in an object by their names, which may contain dots.</summary>
    public Dictionary<string, Tensor> Tensors(string path, ScalarType type = ScalarType.Float32) =>
        Require(path).EnumerateObject().ToDictionary(property => property.Name, property => new GoldenCase(property.Value).Tensor("", type));

    /// <summary>An object as a case of its own, by its name, which may contain dots.</summary>
    public GoldenCase Member(string name) => new(element.GetProperty(name));

    /// <summary>An object as a case of its own.</summary>
    public GoldenCase Part(string path) => new(Require(path));

    private IEnumerable<JsonElement> Flatten(string path)
    {
        var value = Require(path);
        return Leaves(value.ValueKind == JsonValueKind.Object ? value.GetProperty("data") : value);
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Leaves) : [value];

    private static double NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Null => double.NegativeInfinity,
        _ => value.GetString() switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            var text => double.Parse(text!, CultureInfo.InvariantCulture),
        },
    };

    private JsonElement Require(string path) => Find(path) ?? throw new ArgumentException($"The golden case has no '{path}'.");

    private JsonElement? Find(string path)
    {
        var value = element;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            if (!value.TryGetProperty(name, out value)) return null;
        return value;
    }
}
