using System.IO.Compression;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private static readonly WeightTensor[] _weights =
    [
        new("head.weight", [2, 3], [1, -2, 0.5f, float.Epsilon, float.MaxValue, -0f]),
        new("скаляр \"x\"", [], [7]),
        new("empty", [5, 0, 3], []),
        new("head.bias", [2], [float.NaN, float.NegativeInfinity]),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_WhatWasWritten_IsEqualBitForBit()
    {
        string path = Path.Combine(_folder, "model.safetensors");
        SafetensorsFile.Write(path, _weights, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "\u2713" });

        var read = SafetensorsFile.Read(path, out var metadata);

        Assert.Equal(_weights.Select(weight => weight.Name), read.Select(weight => weight.Name));
        Assert.Equal(_weights.Select(weight => weight.Shape), read.Select(weight => weight.Shape));
        Assert.Equal(_weights.Select(Bits), read.Select(Bits));
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["note"] = "\u2713" }, metadata);
    }

    [Fact]
    public void Read_BytesThatWereMade_AreThoseOfAFile()
    {
        var metadata = new Dictionary<string, string> { ["note"] = "\u2713" };

        var read = SafetensorsFile.Read(SafetensorsFile.ToBytes(_weights, metadata), "the model's state", out var readMetadata);

        Assert.Equal(_weights.Select(Bits), read.Select(Bits));
        Assert.Equal(metadata, readMetadata);
        Assert.StartsWith("the model's state: ", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read([1], "the model's state", out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SmallTensor_HasTheLayoutOfTheFormat()
    {
        byte[] written = SafetensorsBytes.Written(new WeightTensor("a", [1, 2], [1, 2]));

        const string Header = """{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
        Assert.Equal(0, Header.Length % 8);
        Assert.Equal(SafetensorsBytes.File(Header, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40), written);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcdefg")]
    public void Write_AnyName_AlignsTheDataToEightBytes(string name)
    {
        byte[] written = SafetensorsBytes.Written(new WeightTensor(name, [1], [1]));

        Assert.Equal(0, (written.Length - sizeof(float)) % 8);
    }

    [Fact]
    public void Read_FileOfPythonsWriter_GivesItsTensors()
    {
        // As safetensors.torch.save_file lays it out: F32 before F16 and BF16, metadata first, padded with spaces.
        const string Header = """
            {"__metadata__":{"format":"pt"},"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},"z":{"dtype":"BF16","shape":[1,1],"data_offsets":[20,22]}}    
            """;
        byte[] data = [0, 0, 0, 0, 0, 0, 0xf8, 0xbf, 0, 0, 0, 0x40, 0, 0, 0x40, 0xc0, 0, 0x3c, 0, 0xc1, 0xc0, 0x3f];

        var read = SafetensorsFile.Read(new MemoryStream(SafetensorsBytes.File(Header, data)), out var metadata);

        Assert.Equal("pt", metadata["format"]);
        Assert.Equal(["w", "b", "h", "z"], read.Select(weight => weight.Name));
        Assert.Equal([-1.5f], read[0].Values);
        Assert.Equal([2f, -3f], read[1].Values);
        Assert.Equal([1f, -2.5f], read[2].Values);
        Assert.Equal([1.5f], read[3].Values);
        Assert.Equal([1, 1], read[3].Shape);
    }

    [Fact]
    public void Read_HeaderInAnotherOrderThanTheData_FollowsTheData()
    {
        const string Header = """{"late":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"early":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

        var read = SafetensorsBytes.Read(SafetensorsBytes.File(Header, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40));

        Assert.Equal(["early", "late"], read.Select(weight => weight.Name));
        Assert.Equal([1f], read[0].Values);
    }

    /// <summary>As checkpoints of Hugging Face have them: position ids as I64, masks as BOOL and U8, and what a later version of the format may add.</summary>
    [Theory]
    [InlineData("I64", 16)]
    [InlineData("BOOL", 2)]
    [InlineData("F4", 1)]
    public void Read_NamedTensorsBesideOneOfAnotherType_ReadsThem(string dataType, int bytes)
    {
        string header = $$$"""{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"ids":{"dtype":"{{{dataType}}}","shape":[1,2],"data_offsets":[4,{{{4 + bytes}}}]},"z":{"dtype":"BF16","shape":[1],"data_offsets":[{{{4 + bytes}}},{{{6 + bytes}}}]}}""";
        string path = Path.Combine(_folder, "hub.safetensors");
        File.WriteAllBytes(path, SafetensorsBytes.File(header, [0, 0x3c, 0, 0xc1, .. new byte[bytes], 0xc0, 0x3f]));

        var read = SafetensorsFile.Read(path, ["z", "h"]);

        Assert.Equal(["z", "h"], read.Select(weight => weight.Name));
        Assert.Equal([1.5f], read[0].Values);
        Assert.Equal([1f, -2.5f], read[1].Values);
        Assert.Contains($"tensor 'ids' has dtype {dataType}; F32, F64, F16 and BF16 can be read", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path, ["ids"])).Message, StringComparison.Ordinal);
        Assert.Contains("has no weight 'w'; it has 'h', 'ids', 'z'.", Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path, ["w"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoTensors_GivesNone() => Assert.Empty(SafetensorsBytes.Read(SafetensorsBytes.File("{}")));

    [Fact]
    public void Read_StreamThatCannotSeek_IsRead()
    {
        using var compressed = new MemoryStream();
        using (var writer = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true)) SafetensorsFile.Write(writer, _weights);
        compressed.Position = 0;
        using var stream = new GZipStream(compressed, CompressionMode.Decompress);

        var read = SafetensorsFile.Read(stream);

        Assert.Equal(_weights.Select(Bits), read.Select(Bits));
    }

    [Fact]
    public void Write_FailsHalfway_LeavesTheOldFileAndNoOther()
    {
        string path = Path.Combine(_folder, "model.safetensors");
        SafetensorsFile.Write(path, _weights);
        byte[] before = File.ReadAllBytes(path);

        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(path, [_weights[0], new WeightTensor("bad", [3], [1])]));
        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => { stream.WriteByte(1); throw new IOException("disk full"); }));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Write_ImpossibleTensors_SaysWhich()
    {
        Assert.Contains("Two tensors are called 'a'", WriteError(new("a", [1], [1]), new("a", [1], [2])), StringComparison.Ordinal);
        Assert.Contains("'__metadata__'", WriteError(new WeightTensor("__metadata__", [1], [1])), StringComparison.Ordinal);
        Assert.Contains("cannot be called ''", WriteError(new WeightTensor("", [1], [1])), StringComparison.Ordinal);
        Assert.Contains("'w' of shape [2,3] has 5 values", WriteError(new WeightTensor("w", [2, 3], [1, 2, 3, 4, 5])), StringComparison.Ordinal);
        Assert.Contains("[-1,-1]", WriteError(new WeightTensor("w", [-1, -1], [1])), StringComparison.Ordinal);
        Assert.Contains("has 0 values", WriteError(new WeightTensor("w", [int.MaxValue, int.MaxValue, int.MaxValue, 4], [])), StringComparison.Ordinal);
    }

    private static string WriteError(params WeightTensor[] weights) =>
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(new MemoryStream(), weights)).Message;

    private static int[] Bits(WeightTensor weight) => Array.ConvertAll(weight.Values, BitConverter.SingleToInt32Bits);
}
