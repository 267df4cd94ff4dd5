using System.Text.Json.Nodes;
using MlAttention.Tests.Weights;

namespace MlAttention.Tests.Pretrained;

/// <summary>Whatever a folder holds, reading ends with an encoder that can be used or with one kind of error, in bounded memory.</summary>
public sealed class HostileFolderTests
{
    private const int Mutations = 50;

    public static TheoryData<string> Checkpoints => [.. CheckpointFolder.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Load_DamagedFolder_IsOneKindOfErrorInBoundedMemory(string name)
    {
        using var folder = new CheckpointFolder(name);
        var mutations = new FolderMutations(folder.Folder, new Random(name.Length));
        int errors = 0;
        for (int i = 0; i < Mutations; i++)
        {
            string target = folder.Beside("damaged"), what = mutations.Write(target);
            try
            {
                if (DamagedFolder.Try(target, Use, out long allocated) is not null) errors++;
                Assert.True(allocated < DamagedFolder.MostBytes, $"{allocated} bytes");
            }
            catch (Exception exception)
            {
                Assert.Fail($"{name}, {i}: {what} -> {exception}");
            }
        }
        Assert.InRange(errors, Mutations / 4, Mutations);
    }

    /// <summary>Bytes of a data type that nobody knows prove no shape: it must be refused before memory is taken for it.</summary>
    [Fact]
    public void Load_HugeShapeOfAnUnknownType_IsRefusedBeforeMemoryIsTaken()
    {
        const string Name = "embeddings.position_embeddings.weight";
        using var folder = new CheckpointFolder("bert");
        byte[] file = File.ReadAllBytes(folder["model.safetensors"]);
        int length = BitConverter.ToInt32(file);
        var header = JsonNode.Parse(file.AsSpan(sizeof(long), length))!.AsObject();
        (header[Name]!["dtype"], header[Name]!["shape"]) = ("F4", new JsonArray(9_000_000, 15));
        File.WriteAllBytes(folder["model.safetensors"], SafetensorsBytes.File(header.ToJsonString(), file[(sizeof(long) + length)..]));
        folder.Set("max_position_embeddings", "9000000");

        string? error = DamagedFolder.Try(folder.Folder, Use, out long allocated);

        Assert.Contains($"tensor '{Name}' has dtype F4", error, StringComparison.Ordinal);
        Assert.InRange(allocated, 1, DamagedFolder.MostBytes);
    }

    private static void Use(PretrainedEncoder encoder, int[] ids)
    {
        if (ids.Length == 0) return;
        var scorer = GoldenCheckpointTests.Scorer(encoder, EngineKind.Managed);
        scorer.Encode(GoldenCheckpointTests.Batch([ids]), new float[encoder.Architecture.ModelWidth]);
    }
}
