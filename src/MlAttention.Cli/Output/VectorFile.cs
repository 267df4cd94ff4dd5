using System.Buffers.Binary;
using System.Text;

namespace MlAttention.Cli.Output;

/// <summary>Writes vectors one by one as they are made, so that any number of them needs the same memory.</summary>
internal abstract class VectorFile : IDisposable
{
    private const string Csv = ".csv", Npy = ".npy", Safetensors = ".safetensors";

    /// <summary>The format that a file's extension stands for.</summary>
    /// <param name="path">The file's name.</param>
    /// <param name="kept">Columns to write beside the vectors.</param>
    /// <returns>What begins a file, given the name that it has until it is whole, and the numbers of a vector.</returns>
    /// <exception cref="InputException">The extension stands for none, or the format has no place for other columns.</exception>
    public static Func<string, int, VectorFile> Of(string path, IReadOnlyList<string> kept)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension == Csv) return (file, width) => new CsvVectors(file, kept, width);
        if (extension is not (Npy or Safetensors)) throw new InputException($"--out {path}: the extension says how vectors are written, and must be {Csv}, {Npy} or {Safetensors}.");
        if (kept.Count > 0) throw new InputException($"--keep {kept[0]}: a file {extension} holds vectors alone, in the order of the texts; columns can be kept in a file {Csv}.");
        return extension == Npy ? (file, width) => new NpyVectors(file, width) : (file, width) => new SafetensorsVectors(file, width);
    }

    /// <summary>Writes the next vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="kept">The kept columns' values.</param>
    public abstract void Write(ReadOnlySpan<float> vector, IReadOnlyList<string> kept);

    /// <summary>Ends the file.</summary>
    public abstract void Dispose();

    /// <summary>A CSV file: the kept columns, then the numbers of the vector, V0 to V383, as short as they can be read back to the bit.</summary>
    private sealed class CsvVectors : VectorFile
    {
        private readonly CsvTable _csv;

        public CsvVectors(string path, IReadOnlyList<string> kept, int width)
        {
            string[] own = [.. Enumerable.Range(0, width).Select(place => FormattableString.Invariant($"V{place}"))];
            if (kept.FirstOrDefault(own.Contains) is { } twice) throw new InputException($"--keep {twice}: the vectors have a column {twice} already.");
            _csv = new(path);
            _csv.Write([.. kept, .. own]);
        }

        public override void Write(ReadOnlySpan<float> vector, IReadOnlyList<string> kept) => _csv.Write([.. kept, .. vector.ToArray()]);

        public override void Dispose() => _csv.Dispose();
    }

    /// <summary>A file whose header, which tells the number of vectors, is written last, into room that was left for it.</summary>
    /// <param name="headerBytes">The room.</param>
    /// <param name="width">The numbers of a vector.</param>
    private abstract class CountedVectors(string path, int headerBytes, int width) : VectorFile
    {
        private readonly FileStream _file = Begin(path, headerBytes);
        private byte[] _bytes = [];
        private long _count;

        public sealed override void Write(ReadOnlySpan<float> vector, IReadOnlyList<string> kept)
        {
            if (_bytes.Length == 0) _bytes = new byte[width * sizeof(float)];
            for (int place = 0; place < width; place++) BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(place * sizeof(float)), vector[place]);
            _file.Write(_bytes);
            _count++;
        }

        public sealed override void Dispose()
        {
            if (!_file.CanWrite) return;
            _file.Position = 0;
            _file.Write(Header(_count, width, headerBytes));
            _file.Dispose();
        }

        /// <summary>The header, as long as the room for it.</summary>
        protected abstract byte[] Header(long count, int width, int length);

        private static FileStream Begin(string path, int headerBytes)
        {
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            file.Write(new byte[headerBytes]);
            return file;
        }
    }

    /// <summary>An array [N,D] of float32 in NumPy's format, version 1.0, row by row.</summary>
    /// <remarks>Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.</remarks>
    private sealed class NpyVectors(string path, int width) : CountedVectors(path, headerBytes: 128, width)
    {
        private static readonly byte[] s_start = [0x93, .. "NUMPY"u8, 1, 0];

        protected override byte[] Header(long count, int width, int length)
        {
            string array = FormattableString.Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count}, {width}), }}");
            int rest = length - s_start.Length - sizeof(ushort);
            return [.. s_start, (byte)rest, (byte)(rest >> 8), .. Encoding.ASCII.GetBytes(array.PadRight(rest - 1) + '\n')];
        }
    }

    /// <summary>A safetensors file with the one tensor "embeddings" [N,D] of float32.</summary>
    private sealed class SafetensorsVectors(string path, int width) : CountedVectors(path, headerBytes: 256, width)
    {
        protected override byte[] Header(long count, int width, int length)
        {
            string tensors = JsonSerializer.Serialize(new { embeddings = new { dtype = "F32", shape = new[] { count, width }, data_offsets = new[] { 0, count * width * sizeof(float) } } });
            byte[] header = new byte[length];
            BinaryPrimitives.WriteInt64LittleEndian(header, length - sizeof(long));
            Encoding.ASCII.GetBytes(tensors.PadRight(length - sizeof(long)), header.AsSpan(sizeof(long)));
            return header;
        }
    }
}
