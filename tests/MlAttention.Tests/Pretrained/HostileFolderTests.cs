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

    private static void Use(PretrainedEncoder encoder, int[] ids)
    {
        if (ids.Length == 0) return;
        var scorer = GoldenCheckpointTests.Scorer(encoder, EngineKind.Managed);
        scorer.Encode(GoldenCheckpointTests.Batch([ids]), new float[encoder.Architecture.ModelWidth]);
    }
}
