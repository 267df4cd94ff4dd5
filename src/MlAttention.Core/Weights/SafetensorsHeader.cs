using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace MlAttention.Core.Weights;

/// <summary>The checked header of a safetensors file: entries in the order of their data, without gap or overlap.</summary>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The longest header that is read, in bytes; the reference implementation's bound.</summary>
    public const int MaxLength = 100_000_000;

    private const string MetadataName = "__metadata__";
    private const int Alignment = 8;

    /// <summary>Reads and checks the header, and leaves the stream at the first byte of the data.</summary>
    /// <exception cref="InvalidDataException">The header is damaged or does not fit the stream's length.</exception>
    public static SafetensorsHeader Read(Stream stream, string place)
    {
        long available = stream.Length - stream.Position;
        if (available < sizeof(long)) throw Error($"{available} bytes; a safetensors file starts with an 8-byte header length.");
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        available -= sizeof(long);
        if (length > MaxLength) throw Error($"the header length is {length} bytes; at most {MaxLength} are read.");
        if ((long)length > available) throw Error($"the header length is {length} bytes, but only {available} bytes follow.");

        byte[] json = new byte[length];
        stream.ReadExactly(json);
        var header = Parse(json, place);
        long end = header.Entries.Count == 0 ? 0 : header.Entries[^1].End;
        long dataLength = available - json.Length;
        if (end != dataLength) throw Error($"the tensors take {end} bytes, but {dataLength} bytes of data follow the header.");
        return header;

        InvalidDataException Error(string message) => new($"{place}: {message}");
    }

    /// <summary>The header's JSON, padded with spaces so that the data is aligned to 8 bytes.</summary>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    public static byte[] Format(IReadOnlyList<SafetensorsPart> parts, IReadOnlyDictionary<string, string>? metadata)
    {
        Check(parts);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var part in parts)
            {
                WriteEntry(json, part, offset);
                offset += part.ByteCount;
            }
            json.WriteEndObject();
        }
        int padding = (Alignment - buffer.WrittenCount % Alignment) % Alignment;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        if (buffer.WrittenCount > MaxLength) throw new ArgumentException($"The header would take {buffer.WrittenCount} bytes; at most {MaxLength} are allowed.", nameof(parts));
        return buffer.WrittenSpan.ToArray();
    }

    private static SafetensorsHeader Parse(byte[] json, string place)
    {
        if (json.Length == 0 || json[0] != (byte)'{') throw new InvalidDataException($"{place}: the header must be a JSON object.");
        if (!Utf8.IsValid(json)) throw new InvalidDataException($"{place}: the header is not valid UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            return Parse(document.RootElement, place);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{place}: the header is not valid JSON: {exception.Message}", exception);
        }
    }

    private static SafetensorsHeader Parse(JsonElement root, string place)
    {
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        foreach (var property in root.EnumerateObject())
        {
            if (property.NameEquals(MetadataName)) ParseMetadata(property.Value, metadata, place);
            else entries.Add(SafetensorsEntryParser.Parse(property, place));
        }

        SafetensorsEntry[] ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        long offset = 0;
        foreach (var entry in ordered)
        {
            if (entry.Begin != offset)
            {
                string fault = entry.Begin < offset ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
                throw new InvalidDataException($"{place}: tensor '{entry.Name}' {fault}: it begins at byte {entry.Begin} instead of {offset}.");
            }
            offset = entry.End;
        }
        return new SafetensorsHeader(ordered, metadata);
    }

    private static void ParseMetadata(JsonElement element, Dictionary<string, string> metadata, string place)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{place}: {MetadataName} must be a JSON object of strings; got {element.ValueKind}.");
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new InvalidDataException($"{place}: {MetadataName} '{property.Name}' must be a string; got {property.Value.ValueKind}.");
            metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private static void Check(IReadOnlyList<SafetensorsPart> parts)
    {
        var names = new HashSet<string>();
        foreach (var part in parts)
        {
            if (string.IsNullOrEmpty(part.Name) || part.Name == MetadataName)
                throw new ArgumentException($"A tensor cannot be called '{part.Name}'.", nameof(parts));
            if (!names.Add(part.Name)) throw new ArgumentException($"Two tensors are called '{part.Name}'.", nameof(parts));
            double count = part.Shape.Aggregate(1.0, (product, size) => product * size);
            if (count != part.Count || Array.Exists(part.Shape, size => size < 0))
                throw new ArgumentException($"Tensor '{part.Name}' of shape [{string.Join(',', part.Shape)}] has {part.Count} values.", nameof(parts));
        }
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataName);
        foreach (var (key, value) in metadata) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsPart part, long begin)
    {
        json.WriteStartObject(part.Name);
        json.WriteString("dtype", part.DataType);
        json.WriteStartArray("shape");
        foreach (int size in part.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + part.ByteCount);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
