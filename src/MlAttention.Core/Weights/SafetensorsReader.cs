namespace MlAttention.Core.Weights;

/// <summary>An open safetensors file: its names and metadata at once, values of the tensors that are asked for, straight into their place.</summary>
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

    /// <summary>The tensors' names, in the order of their data, without the files beside them.</summary>
    public IEnumerable<string> Names => _header.Entries.Where(entry => !entry.IsFile).Select(entry => entry.Name);

    /// <summary>Names of the files beside the weights, in the order of their data.</summary>
    public IEnumerable<string> FileNames => _header.Entries.Where(entry => entry.IsFile).Select(entry => entry.Name);

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

    /// <summary>The shape of a tensor, of any data type and size, or null when there is none of this name; nothing is read for it.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => _entries.GetValueOrDefault(name)?.Shape;

    /// <summary>Checks that a tensor can be read as float32; nothing is read for it.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, or it cannot be.</exception>
    public void RequireReadable(string name) => Readable(name);

    /// <summary>The tensor of this name, as float32.</summary>
    /// <exception cref="InvalidDataException">There is none, or it cannot be read as float32.</exception>
    public WeightTensor Read(string name)
    {
        var entry = Readable(name);
        float[] values = new float[(entry.End - entry.Begin) / SafetensorsElements.Size(entry.DataType)];
        Read(entry, values);
        return new WeightTensor(name, Array.ConvertAll(entry.Shape, size => (int)size), values);
    }

    /// <summary>Reads the tensor's first values, row by row, as many as there are places.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or it cannot be read as float32.</exception>
    /// <exception cref="ArgumentException">The tensor has fewer values.</exception>
    public void Read(string name, Span<float> values)
    {
        var entry = Readable(name);
        long count = (entry.End - entry.Begin) / SafetensorsElements.Size(entry.DataType);
        if (count < values.Length) throw new ArgumentException($"'{name}' has {count} values; {values.Length} are asked for.", nameof(values));
        Read(entry, values);
    }

    /// <summary>The bytes of a file beside the weights.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, or it is too large.</exception>
    public byte[] ReadFile(string name)
    {
        if (!_entries.TryGetValue(name, out var entry) || !entry.IsFile)
            throw new InvalidDataException($"{_place} has no file '{name}'; it has {List(FileNames)}.");
        entry.RequireSize(_place);
        byte[] bytes = new byte[entry.End - entry.Begin];
        _stream.Position = _data + entry.Begin;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The first names, for errors.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] first = [.. names.Take(ListedNames + 1).Select(name => $"'{name}'")];
        return string.Join(", ", first.Take(ListedNames)) + (first.Length > ListedNames ? ", ..." : "");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private SafetensorsEntry Readable(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InvalidDataException($"{_place} has no weight '{name}'; it has {List(Names)}.");
        entry.RequireReadable(_place);
        return entry;
    }

    private void Read(SafetensorsEntry entry, Span<float> values)
    {
        _stream.Position = _data + entry.Begin;
        SafetensorsElements.Read(_stream, entry, values, _place);
    }
}
