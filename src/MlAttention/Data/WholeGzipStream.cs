using System.IO.Compression;

namespace MlAttention.Data;

/// <summary>Unpacks gzip, and fails where the file is cut short, which <see cref="GZipStream"/> takes for its end.</summary>
/// <remarks>What is packed may consist of several gzip files one after the other. One more is added behind them: its content comes out at the end only if all before it is whole.</remarks>
internal sealed class WholeGzipStream : ForwardStream
{
    private static readonly byte[] s_mark = "the packed file ends here\0\u0001"u8.ToArray();
    private static readonly byte[] s_packedMark = Pack(s_mark);

    private readonly GZipStream _unpacked;
    private readonly byte[] _buffer = new byte[1 << 15];
    private int _start;
    private int _end;

    /// <param name="packed">The packed stream; it is disposed with this one.</param>
    public WholeGzipStream(Stream packed) => _unpacked = new GZipStream(new Marked(packed), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The file is damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
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

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>The packed stream with the packed mark behind it.</summary>
    private sealed class Marked(Stream packed) : ForwardStream
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
