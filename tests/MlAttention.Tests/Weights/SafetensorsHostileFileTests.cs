using System.Buffers.Binary;
using System.Text;

namespace MlAttention.Tests.Weights;

/// <summary>Whatever the bytes, reading ends with tensors or with one clear error, and takes no more memory than the file has bytes.</summary>
public sealed class SafetensorsHostileFileTests
{
    private static readonly byte[] _good = SafetensorsBytes.Written(
        new WeightTensor("layers.0.weight", [2, 3], [1, 2, 3, 4, 5, 6]), new WeightTensor("layers.0.bias", [2], [7, 8]));

    [Fact]
    public void Read_TruncatedAnywhere_IsAnError()
    {
        for (int length = 0; length < _good.Length; length++)
            Assert.NotEmpty(SafetensorsBytes.Error(_good[..length]));
    }

    [Fact]
    public void Read_BytesAfterTheData_IsAnError() =>
        Assert.Contains("take 32 bytes, but 33 bytes of data follow", SafetensorsBytes.Error([.. _good, 0]), StringComparison.Ordinal);

    [Fact]
    public void Read_AnyBitFlipped_IsAnErrorOrAFileOfTheSameSize()
    {
        int errors = 0;
        for (int bit = 0; bit < _good.Length * 8; bit++)
        {
            byte[] flipped = [.. _good];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(8, SafetensorsBytes.Read(flipped).Sum(weight => weight.Values.Length));
            }
            catch (InvalidDataException)
            {
                errors++;
            }
        }
        Assert.True(errors > 8 * 8, $"only {errors} of {_good.Length * 8} flips were noticed");
    }

    [Fact]
    public void Read_RandomHeaders_NeverFailOtherwise()
    {
        var random = new Random(1);
        string[] parts = ["{", "}", "[", "]", ":", ",", "\"a\"", "\"dtype\"", "\"F32\"", "\"shape\"", "\"data_offsets\"", "0", "4", "-1", "1e99", "null", "\\u0000", "\"\\ud800\"", " ", "9223372036854775808"];
        for (int i = 0; i < 5000; i++)
        {
            string header = "{" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                SafetensorsBytes.Read(SafetensorsBytes.File(header, 0, 0, 0, 0));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Theory]
    [InlineData(100_000_001UL, "at most 100000000 are read")]
    [InlineData(ulong.MaxValue, "at most 100000000 are read")]
    [InlineData(1000UL, "only 2 bytes follow")]
    public void Read_HugeHeaderLength_IsAnErrorBeforeMemoryIsTaken(ulong length, string expected)
    {
        byte[] file = SafetensorsBytes.File("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Contains(expected, SafetensorsBytes.Error(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "leaves a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"dtype":"F32","data_offsets":[0,4]}}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}}""", "'a' of dtype F32 and shape [0] does not fill its 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "'a' of dtype F32 and shape [2] does not fill its 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", "does not fill")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "does not fill")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9000000000000000000]}}""", "does not fill its 9000000000000000000 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "two numbers in order")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", "two numbers in order")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "'-1' where a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "'1.5' where a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "'1' where a whole number")]
    [InlineData("""{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""", "dtype I32; F32, F64, F16 and BF16 can be read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "needs dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}}""", "field 'code'")]
    [InlineData("""{"a":{"dtype":3,"shape":[1],"data_offsets":[0,4]}}""", "field 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "needs an array")]
    [InlineData("""{"a":5}""", "'a' must be a JSON object; got Number")]
    [InlineData("""{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "empty name")]
    [InlineData("""{"__metadata__":{"format":1}}""", "'format' must be a string")]
    [InlineData("""{"__metadata__":["format"]}""", "__metadata__ must be a JSON object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[1]]]],"data_offsets":[0,4]}}""", "not valid JSON")]
    [InlineData("""["a"]""", "must be a JSON object")]
    [InlineData(" {}", "must be a JSON object")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    public void Read_BadHeader_SaysWhatIsWrong(string header, string expected)
    {
        string message = SafetensorsBytes.Error(SafetensorsBytes.File(header, 0, 0, 0, 0));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith("safetensors stream: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InvalidUtf8_IsAnError() =>
        Assert.Contains("UTF-8", SafetensorsBytes.Error(SafetensorsBytes.File([(byte)'{', (byte)'"', 0xff, (byte)'"', .. Encoding.ASCII.GetBytes(":1}")])), StringComparison.Ordinal);

    [Fact]
    public void Read_DoubleBeyondFloat_NamesTensorAndIndex()
    {
        const string Header = """{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}""";
        byte[] data = [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(1e300)];
        Assert.Contains("'a': value 1E+300 at index 1", SafetensorsBytes.Error(SafetensorsBytes.File(Header, data)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_NamesIt() =>
        Assert.Contains("nowhere.safetensors", Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Read("nowhere.safetensors")).Message, StringComparison.Ordinal);
}
