using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlAttention.Persistence;

/// <summary>
/// The state of a component in a model file: safetensors, whose tensors are the weights, with whole files beside them, and whose metadata has everything else by name.
/// It is written by adding values, and read by taking each of them once.
/// </summary>
internal sealed class ComponentState
{
    /// <summary>Raised whenever a component's layout changes.</summary>
    public const int Version = 1;

    /// <summary>Most bytes of weights and files: with their header they have to fit an array.</summary>
    private const long MaxBytes = 2_000_000_000;

    private const string VersionName = "version", ComponentName = "component", Place = "The model's component";

    private static readonly IReadOnlyDictionary<string, byte[]> NoFiles = new Dictionary<string, byte[]>();

    private readonly Dictionary<string, string> _values;
    private IReadOnlyList<WeightTensor> _weights = [];
    private IReadOnlyDictionary<string, byte[]> _files = NoFiles;

    /// <summary>An empty state of a component.</summary>
    /// <param name="component">What the component is called in model files.</param>
    public ComponentState(string component)
    {
        Component = component;
        _values = new(StringComparer.Ordinal) { [VersionName] = Version.ToString(CultureInfo.InvariantCulture), [ComponentName] = component };
    }

    private ComponentState(Dictionary<string, string> values, IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, byte[]> files)
    {
        _values = values;
        _weights = weights;
        _files = files;
        var version = TakeInt32(VersionName);
        if (version != Version) throw new InvalidDataException($"The model has format version {version}; this version of MlAttention reads version {Version}. Update MlAttention.");
        Component = TakeText(ComponentName);
    }

    /// <summary>What the component is called in model files.</summary>
    public string Component { get; }

    /// <summary>Reads what <see cref="ToBytes"/> wrote, and trusts nothing: no memory is taken for what the bytes only claim to hold.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another version.</exception>
    public static ComponentState Of(byte[] bytes)
    {
        var weights = SafetensorsFile.Read(bytes, Place, out var values, out var files);
        return new ComponentState(new Dictionary<string, string>(values, StringComparer.Ordinal), weights, files);
    }

    /// <exception cref="NotSupportedException">The state is larger than a model file can hold.</exception>
    public byte[] ToBytes()
    {
        var bytes = _weights.Sum(weight => weight.Values.LongLength * sizeof(float)) + _files.Sum(file => file.Value.LongLength);
        if (bytes > MaxBytes) throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture,
            $"{Component} takes {bytes} bytes, and an ML.NET model file has room for {MaxBytes} in a component. Save the model with mlContext.Model.SaveHuggingFace, or its text classifier with mlContext.Model.SaveTextClassifier."));
        return SafetensorsFile.ToBytes(_weights, _values, _files);
    }

    public void Add(string name, string text) => _values.Add(name, text);

    public void Add(string name, int number) => Add(name, number.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, IEnumerable<string> texts) => Add(name, [.. texts], TextsJson.Default.StringArray);

    /// <summary>Adds options, as JSON with the names of their properties.</summary>
    public void Add<T>(string name, T options, JsonTypeInfo<T> type) => Add(name, JsonSerializer.Serialize(options, type));

    public void Add(IReadOnlyList<WeightTensor> weights) => _weights = weights;

    /// <summary>Adds whole files by their names, each of which has a slash.</summary>
    public void Add(IReadOnlyDictionary<string, byte[]> files) => _files = files;

    public bool Has(string name) => _values.ContainsKey(name);

    public string TakeText(string name) => _values.Remove(name, out var text) ? text : throw new InvalidDataException($"{Place} is damaged: its state lacks '{name}'.");

    public int TakeInt32(string name) => TakeText(name) is var text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InvalidDataException($"The model's state has '{text}' where the number '{name}' belongs.");

    /// <summary>A width, which is at least 1 and small enough for the square matrices of attention.</summary>
    public int TakeWidth(string name)
    {
        var width = TakeInt32(name);
        return width is >= 1 and <= ModelLimits.MaxWidth ? width : throw new InvalidDataException($"The model claims vectors of width {width}.");
    }

    /// <summary>One of an enumeration's names.</summary>
    public T TakeEnum<T>(string name) where T : struct, Enum
    {
        var text = TakeText(name);
        return Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : throw new InvalidDataException($"The model has {typeof(T).Name} '{text}', which is none.");
    }

    public string[] TakeTexts(string name) => Parse(name, text => JsonSerializer.Deserialize(text, TextsJson.Default.StringArray) is { } texts && !texts.Contains(null) ? texts
        : throw new JsonException("a text is missing"), "texts");

    /// <summary>Options; a property that the state lacks keeps its default, one that this version does not know is an error.</summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public T TakeOptions<T>(string name, JsonTypeInfo<T> type, Action<T> validate) where T : class, new()
    {
        var options = Parse(name, text => ServingJson.Read(text, type), typeof(T).Name);
        validate(options);
        return options;
    }

    /// <summary>Weights of exactly these names and shapes, in any order, with finite values.</summary>
    public IReadOnlyList<WeightTensor> TakeWeights(IReadOnlyList<WeightShape> layout)
    {
        foreach (var weight in _weights)
            if (!TensorPrimitives.IsFiniteAll<float>(weight.Values)) throw new InvalidDataException($"The model's weight '{weight.Name}' has a value that is not finite.");
        var shapes = _weights.ToDictionary(weight => weight.Name, weight => weight.Shape, StringComparer.Ordinal);
        foreach (var needed in layout)
        {
            if (!shapes.Remove(needed.Name, out var shape)) throw new InvalidDataException($"The model lacks the weight '{needed.Name}' [{string.Join(',', needed.Shape)}].");
            if (!shape.AsSpan().SequenceEqual(needed.Shape))
                throw new InvalidDataException($"The model's weight '{needed.Name}' has shape [{string.Join(',', shape)}]; the sizes in the file need [{string.Join(',', needed.Shape)}].");
        }

        if (shapes.Count > 0) throw new InvalidDataException($"The model has the weight '{shapes.Keys.First()}', which its architecture does not have.");
        (var taken, _weights) = (_weights, []);
        return taken;
    }

    /// <summary>The files; none where none were added.</summary>
    public IReadOnlyDictionary<string, byte[]> TakeFiles()
    {
        (var taken, _files) = (_files, NoFiles);
        return taken;
    }

    /// <exception cref="InvalidDataException">The state has something that nothing was made of.</exception>
    public void RequireAllTaken()
    {
        if (_values.Keys.Concat(_weights.Select(weight => weight.Name)).Concat(_files.Keys).FirstOrDefault() is { } left) throw new InvalidDataException($"{Place} '{Component}' has '{left}', which it does not need.");
    }

    private T Parse<T>(string name, Func<string, T> parse, string what)
    {
        try
        {
            return parse(TakeText(name));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The model's {what} '{name}' cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>Lists of texts as JSON, without reflection.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class TextsJson : JsonSerializerContext;
