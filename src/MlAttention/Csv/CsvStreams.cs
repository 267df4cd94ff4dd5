using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using MlAttention.Streams;

namespace MlAttention.Csv;

/// <summary>Unpacks gzip, and fails where the file is cut short, which <see cref="GZipStream"/> takes for its end.</summary>
/// <remarks>What is packed may consist of several gzip files one after the other. One more is added behind them: its content comes out at the end only if all before it is whole.</remarks>
/// <param name="packed">The packed stream; it is disposed with this one.</param>
/// <param name="name">What errors call the file.</param>
internal sealed class WholeGzipStream(Stream packed, string name) : ReadOnlyStream
{
    private static readonly byte[] s_mark = "the packed file ends here\0\u0001"u8.ToArray();
    private static readonly byte[] s_packedMark = Pack(s_mark);

    private readonly GZipStream _unpacked = new(new Marked(packed), CompressionMode.Decompress);
    private readonly byte[] _buffer = new byte[1 << 15];
    private int _start;
    private int _end;

    /// <exception cref="CsvDataException">The file is damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return ReadWhole(buffer);
        }
        catch (InvalidDataException damaged)
        {
            throw new CsvDataException($"the file is compressed with gzip and damaged: {damaged.Message}", name, innerException: damaged);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private int ReadWhole(Span<byte> buffer)
    {
        // The last bytes are held back until it is known whether they are the mark.
        while (_end - _start <= s_mark.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var count = _unpacked.Read(_buffer, _end, _buffer.Length - _end);
            if (count == 0) return _buffer.AsSpan(0, _end).SequenceEqual(s_mark) ? 0 : throw new InvalidDataException("it ends before its content does.");
            _end += count;
        }

        var given = Math.Min(buffer.Length, _end - _start - s_mark.Length);
        _buffer.AsSpan(_start, given).CopyTo(buffer);
        _start += given;
        return given;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>The packed stream with the packed mark behind it.</summary>
    private sealed class Marked(Stream packed) : ReadOnlyStream
    {
        private int _given;

        public override int Read(Span<byte> buffer)
        {
            var count = packed.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            var mark = s_packedMark.AsSpan(_given)[..Math.Min(buffer.Length - count, s_packedMark.Length - _given)];
            mark.CopyTo(buffer[count..]);
            _given += mark.Length;
            return count + mark.Length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) packed.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A temporary copy of a stream that can be read only once. The operating system deletes it with the last use, whatever ends the program.</summary>
internal sealed class SpooledFile
{
    private readonly FileStream _file;

    private SpooledFile(FileStream file) => _file = file;

    /// <summary>Copies the rest of the stream.</summary>
    /// <exception cref="IOException">The copy cannot be written; the message names its folder.</exception>
    public static SpooledFile Of(Stream stream)
    {
        var folder = Path.GetTempPath();
        var path = Path.Combine(folder, "mlattention-" + Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            var file = new FileStream(path, options);
            // An open file without a name can be read, and nothing is left behind. Windows deletes when the file is closed.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            stream.CopyTo(file);
            file.Flush();
            return new SpooledFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"its copy cannot be written to the folder for temporary files, {folder}: {error.Message}", error);
        }
    }

    /// <summary>A stream that starts at the beginning; any number of them may be open.</summary>
    public Stream OpenRead() => new Reader(_file.SafeFileHandle);

    private sealed class Reader(SafeFileHandle file) : ReadOnlyStream
    {
        public override bool CanSeek => true;

        public override long Length => RandomAccess.GetLength(file);

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var count = RandomAccess.Read(file, buffer, Position);
            Position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
    }
}
