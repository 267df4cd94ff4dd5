using MlAttention.Core.Weights;

namespace MlAttention.Tests.Weights;

/// <summary>Small files beside the weights, such as a tokenizer's, as tensors of bytes.</summary>
public sealed class SafetensorsSideFilesTests : IDisposable
{
    private static readonly WeightTensor[] s_weights = [new("head.weight", [1, 3], [1, -2, 0.5f])];
    private static readonly Dictionary<string, byte[]> s_files = new() { ["tokenizer/vocab.txt"] = [104, 105, 10, 0, 255], ["tokenizer/empty"] = [] };

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_FilesBesideWeights_AreTheSameBytes()
    {
        SafetensorsFile.Write(_path, s_weights, new Dictionary<string, string> { ["note"] = "x" }, s_files);

        var weights = SafetensorsFile.Read(_path, out var metadata, out var files);

        Assert.Equal("x", metadata["note"]);
        Assert.Equal(s_weights[0].Values, Assert.Single(weights).Values);
        Assert.Equal(s_files, files);
        Assert.Equal(File.ReadAllBytes(_path), SafetensorsFile.ToBytes(s_weights, metadata, s_files));
        SafetensorsFile.Read(File.ReadAllBytes(_path), "state", out _, out var again);
        Assert.Equal(s_files, again);
    }

    /// <summary>Who reads weights, as PyTorch's users do, is given weights alone.</summary>
    [Fact]
    public void Read_WeightsBesideFiles_AreTheWeightsAlone()
    {
        SafetensorsFile.Write(_path, s_weights, null, s_files);

        Assert.Equal(["head.weight"], SafetensorsFile.Read(_path).Select(weight => weight.Name));
        using var reader = SafetensorsReader.Open(_path);
        Assert.Equal(["head.weight"], reader.Names);
        Assert.Equal(["tokenizer/vocab.txt", "tokenizer/empty"], reader.FileNames);
        Assert.Contains("has no file 'tokenizer/merges.txt'; it has 'tokenizer/vocab.txt', 'tokenizer/empty'.",
            Assert.Throws<InvalidDataException>(() => reader.ReadFile("tokenizer/merges.txt")).Message, StringComparison.Ordinal);
        Assert.Contains("has no file 'head.weight'", Assert.Throws<InvalidDataException>(() => reader.ReadFile("head.weight")).Message, StringComparison.Ordinal);
    }

    /// <summary>A tensor of bytes that no slash marks as a file may be a mask that somebody means to read.</summary>
    [Theory]
    [InlineData("""{"mask":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""")]
    [InlineData("""{"a/mask":{"dtype":"U8","shape":[1,2],"data_offsets":[0,2]}}""")]
    [InlineData("""{"a/mask":{"dtype":"U8","shape":[9000000000000],"data_offsets":[0,2]}}""")]
    public void Read_BytesThatAreNoFile_AreRefusedAsWeights(string header)
    {
        string message = SafetensorsBytes.Error(SafetensorsBytes.File(header, 1, 2));

        Assert.Contains("has dtype U8; F32, F64, F16 and BF16 can be read.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FileWithoutASlash_IsAnError()
    {
        var exception = Assert.Throws<ArgumentException>(() => SafetensorsFile.ToBytes(s_weights, null, new Dictionary<string, byte[]> { ["vocab.txt"] = [1] }));

        Assert.Contains("got 'vocab.txt'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void Read_FirstValues_FillsTheGivenPlaces(int count)
    {
        using var reader = new SafetensorsReader(new MemoryStream(SafetensorsBytes.Written(new WeightTensor("w", [3, 2], [1, 2, 3, 4, 5, 6]))), "w");
        float[] values = new float[count];

        reader.Read("w", values);

        Assert.Equal([.. Enumerable.Range(1, count).Select(i => (float)i)], values);
        Assert.Equal([3L, 2L], reader.ShapeOf("w"));
        Assert.Null(reader.ShapeOf("v"));
        Assert.Throws<ArgumentException>(() => reader.Read("w", new float[7]));
    }

    /// <summary>Longer than the reader's buffer, so that several reads fill one tensor.</summary>
    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Read_LongHalves_AreAllRead(string dataType)
    {
        const int Count = 40_009;
        byte[] data = new byte[Count * 2];
        for (int i = 0; i < Count; i++)
        {
            ushort bits = dataType == "F16" ? BitConverter.HalfToUInt16Bits((Half)(i % 1999)) : (ushort)(BitConverter.SingleToUInt32Bits(i % 127) >> 16);
            BitConverter.TryWriteBytes(data.AsSpan(2 * i), bits);
        }

        var weight = Assert.Single(SafetensorsBytes.Read(SafetensorsBytes.File($$$"""{"w":{"dtype":"{{{dataType}}}","shape":[{{{Count}}}],"data_offsets":[0,{{{2 * Count}}}]}}""", data)));

        int period = dataType == "F16" ? 1999 : 127;
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal(i % period, weight.Values[i]));
    }
}
