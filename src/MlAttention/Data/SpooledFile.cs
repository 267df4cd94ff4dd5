using Microsoft.Win32.SafeHandles;

namespace MlAttention.Data;

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

    private sealed class Reader(SafeFileHandle file) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => RandomAccess.GetLength(file);

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var count = RandomAccess.Read(file, buffer, Position);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };

        public override void Flush() { }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
