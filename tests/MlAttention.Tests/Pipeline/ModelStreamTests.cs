using Microsoft.ML;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Pipeline;

/// <summary>LoadAttention reads the stream that it was given, from where ML.NET's own Load reads it.</summary>
public sealed class ModelStreamTests : IDisposable
{
    private static readonly MLContext s_ml = new(seed: 1);

    private static readonly Lazy<byte[]> s_file = new(() =>
    {
        var data = TinyTexts.Data(s_ml, 31);
        using var stream = new MemoryStream();
        s_ml.Model.Save(s_ml.Attention().TokenizeSequence("Tokens", "Text").Fit(data), data.Schema, stream);
        return stream.ToArray();
    });

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void LoadAttention_SeekableStreamAtAnyPosition_LoadsAsMlNetDoes(int position)
    {
        using var stream = new MemoryStream(s_file.Value);
        stream.Position = Math.Min(position, stream.Length);
        Assert.NotNull(s_ml.Model.Load(new MemoryStream(s_file.Value) { Position = stream.Position }, out _));

        Assert.NotNull(s_ml.Model.LoadAttention(stream, out _));

        Assert.True(stream.CanRead);
    }

    [Fact]
    public void LoadAttention_FileStreamJustWritten_IsReadAndLeftOpen()
    {
        using var stream = new FileStream(_folder.File("model.zip"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        stream.Write(s_file.Value);

        Assert.NotNull(s_ml.Model.LoadAttention(stream, out _));

        Assert.Equal(s_file.Value.Length, stream.Length);
    }

    [Fact]
    public void LoadAttention_FileStreamWhoseFileIsGone_IsRead()
    {
        string path = _folder.File("model.zip");
        File.WriteAllBytes(path, s_file.Value);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        File.WriteAllText(path + ".new", "another model");
        File.Move(path + ".new", path, overwrite: true);

        Assert.NotNull(s_ml.Model.LoadAttention(stream, out _));
    }

    [Fact]
    public void LoadAttention_StreamThatCannotSeek_IsReadFromWhereItStands()
    {
        using var stream = new ForwardOnly([1, 2, 3, .. s_file.Value]);
        stream.ReadExactly(new byte[3]);

        Assert.NotNull(s_ml.Model.LoadAttention(stream, out _));
    }

    [Fact]
    public void LoadAttention_ClosedStream_SaysSo()
    {
        var stream = new MemoryStream(s_file.Value);
        stream.Dispose();

        Assert.Contains("it is closed", Assert.Throws<ArgumentException>(() => s_ml.Model.LoadAttention(stream, out _)).Message, StringComparison.Ordinal);
    }

    private sealed class ForwardOnly(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
