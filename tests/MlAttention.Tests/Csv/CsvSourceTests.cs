using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Csv;

namespace MlAttention.Tests.Csv;

public sealed class CsvSourceTests : IDisposable
{
    private const string TwoRows = "Text,Label\nçedilla,x\n\"two\nlines\",y\n";

    private readonly CsvFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LoadCsv_GzipUnderAnyName_IsUnpackedInEveryPass()
    {
        var data = _ml.Attention().LoadCsv(_folder.Write("a.csv", Gzip([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(TwoRows)])));

        for (var pass = 0; pass < 3; pass++) Assert.Equal(["çedilla", "two\nlines"], data.GetColumn<string>("Text"));
    }

    [Fact]
    public void LoadCsv_GzipFilesJoined_ReadsBoth()
    {
        byte[] both = [.. Gzip(Encoding.UTF8.GetBytes(TwoRows)), .. Gzip(Encoding.UTF8.GetBytes("last,z\n"))];

        Assert.Equal(["x", "y", "z"], _ml.Attention().LoadCsv(_folder.Write("a.csv.gz", both)).GetColumn<string>("Label"));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void LoadCsv_GzipCutShort_IsAnErrorAndNoShorterFile(double share)
    {
        var rows = string.Concat(Enumerable.Range(0, 5000).Select(row => $"text {row * 7919 % 5003},{row % 3}\n"));
        var whole = Gzip(Encoding.UTF8.GetBytes("Text,Label\n" + rows));
        var path = _folder.Write("a.csv.gz", whole[..(int)(share * whole.Length)]);

        var error = Assert.Throws<CsvDataException>(() => _ml.Attention().LoadCsv(new CsvOptions { BadRows = BadRowPolicy.Skip }, path).GetColumn<string>("Label").Count());

        Assert.StartsWith($"{path}: the file is compressed with gzip and damaged", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Sizes around those of the buffers that the file passes through.</summary>
    [Theory]
    [InlineData(8192)]
    [InlineData(16384)]
    [InlineData(32768)]
    public void Open_GzipOfAnySize_EndsWhereItsContentEnds(int size)
    {
        for (var length = size - 64; length <= size + 16; length++)
        {
            var content = new byte[length];
            new Random(length).NextBytes(content);
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true)) gzip.Write(content);
            packed.Position = 0;
            using var unpacked = new MemoryStream();
            using (var whole = new WholeGzipStream(packed, "a.csv.gz")) whole.CopyTo(unpacked);
            Assert.Equal(content, unpacked.ToArray());
        }
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0 }, "zip")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0 }, "zstd")]
    [InlineData(new byte[] { (byte)'P', (byte)'A', (byte)'R', (byte)'1' }, "Parquet")]
    public void LoadCsv_FileOfAnotherKind_SaysWhichAndWhatToDo(byte[] content, string kind) =>
        Assert.Contains(kind, Assert.Throws<CsvDataException>(() => _ml.Attention().LoadCsv(_folder.Write("a.csv", content))).Message, StringComparison.Ordinal);

    [Fact]
    public void OfStream_StreamThatCannotSeek_CanBeOpenedSeveralTimesAtOnce()
    {
        var source = CsvSource.OfStream("standard input", Unseekable(Encoding.UTF8.GetBytes(TwoRows)));

        using var one = new StreamReader(source.Open());
        using var other = new StreamReader(source.Open());

        Assert.Equal("Text,Label", one.ReadLine());
        Assert.Equal(TwoRows, other.ReadToEnd());
        Assert.Equal(TwoRows["Text,Label\n".Length..], one.ReadToEnd());
    }

    [Fact]
    public void OfStream_Copy_LeavesNoFileBehind()
    {
        if (OperatingSystem.IsWindows()) return;
        var before = Copies();

        var source = CsvSource.OfStream("standard input", Unseekable(Encoding.UTF8.GetBytes(TwoRows)));

        // Other tests make copies too, for the moment that it takes to delete their names.
        Assert.True(SpinWait.SpinUntil(() => !Copies().Except(before).Any(), TimeSpan.FromSeconds(5)));
        using var text = new StreamReader(source.Open());
        Assert.Equal(TwoRows, text.ReadToEnd());

        static string[] Copies() => [.. Directory.GetFiles(Path.GetTempPath(), "mlattention-*.???").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task LoadCsv_NamedPipe_IsReadInSeveralPasses()
    {
        if (OperatingSystem.IsWindows()) return;
        var pipe = _folder["pipe"];
        using (var make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync();
        var writing = Task.Run(() => File.WriteAllText(pipe, TwoRows));

        var data = _ml.Attention().LoadCsv(pipe);
        await writing;

        for (var pass = 0; pass < 2; pass++) Assert.Equal(["x", "y"], data.GetColumn<string>("Label"));
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(content);
        return packed.ToArray();
    }

    private static GZipStream Unseekable(byte[] content) => new(new MemoryStream(Gzip(content)), CompressionMode.Decompress);
}
