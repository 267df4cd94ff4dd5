namespace MlAttention.Weights;

/// <summary>An open safetensors file: its names and metadata at once, values of the tensors that are asked for.</summary>
internal sealed class SafetensorsReader : IDisposable
{
    private const int ListedNames = 10;

    private readonly Stream _stream;
    private readonly string _place;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly long _data;

    /// <summary>Reads the header at a stream's position.</summary>
    /// <param name="stream">A stream that can seek; disposed with the reader.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <exception cref="InvalidDataException">The header is damaged or does not fit the stream's length.</exception>
    public SafetensorsReader(Stream stream, string place)
    {
        _stream = stream;
        _place = place;
        _header = SafetensorsHeader.Read(stream, place);
        _entries = _header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        _data = stream.Position;
    }

    /// <summary>The tensors' names, in the order of their data.</summary>
    public IEnumerable<string> Names => _header.Entries.Select(entry => entry.Name);

    /// <summary>The file's "__metadata__"; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The header is damaged or does not fit the file's length.</exception>
    public static SafetensorsReader Open(string path)
    {
        var stream = File.OpenRead(path);
        try
        {
            return new SafetensorsReader(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The tensor of this name, as float32.</summary>
    /// <exception cref="InvalidDataException">There is none, or it cannot be read as float32.</exception>
    public WeightTensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InvalidDataException($"{_place} has no weight '{name}'; it has {List(Names)}.");
        entry.RequireReadable(_place);
        var bytes = new byte[entry.End - entry.Begin];
        _stream.Position = _data + entry.Begin;
        _stream.ReadExactly(bytes);
        return new WeightTensor(name, Array.ConvertAll(entry.Shape, size => (int)size), SafetensorsElements.ToFloats(entry, bytes, _place));
    }

    /// <summary>The first names, for errors.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] first = [.. names.Take(ListedNames + 1).Select(name => $"'{name}'")];
        return string.Join(", ", first.Take(ListedNames)) + (first.Length > ListedNames ? ", ..." : "");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
