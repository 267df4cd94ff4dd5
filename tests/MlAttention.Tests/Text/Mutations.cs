using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Text;

/// <summary>Damages files of tokenizers as disks, networks and enemies do.</summary>
internal static class Mutations
{
    /// <summary>Memory that a tokenizer of damaged files may cost beyond what whole ones do, in bytes.</summary>
    private const long MostBytes = 400L << 20;

    /// <summary>Whether one file, damaged, still makes a tokenizer; any exception but InvalidDataException is thrown on.</summary>
    public static bool Try(IReadOnlyDictionary<string, byte[]> files, string file, Random random)
    {
        var damaged = files.ToDictionary(StringComparer.Ordinal);
        damaged[file] = Damage(files[file], random);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var tokenizer = PretrainedTokenizer.FromFiles(damaged);
            foreach (string text in new[] { "", "The cat <mask> [SEP] naïve 東京 \u0001", new string('a', 3000) })
            {
                int[] ids = tokenizer.Encode(text);
                Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            }
            return true;
        }
        catch (InvalidDataException exception)
        {
            Assert.NotEmpty(exception.Message);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }
    }

    private static byte[] Damage(byte[] content, Random random)
    {
        if (random.Next(2) == 0) return Mutation.Of(content, random);
        byte[] damaged = [.. content];
        switch (random.Next(3))
        {
            case 0:
                // The first bytes hold structure: headers, the names of JSON, lengths of protobuf.
                damaged[random.Next(Math.Min(200, damaged.Length))] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 1:
                int place = random.Next(damaged.Length);
                return [.. damaged[..place], .. damaged[random.Next(damaged.Length)..].Take(300), .. damaged[place..]];
            default:
                // A number or a sign of JSON becomes another.
                int at = Array.FindIndex(damaged, random.Next(damaged.Length), value => value is >= (byte)'0' and <= (byte)'9' or (byte)'"' or (byte)'[' or (byte)'{' or (byte)',');
                if (at >= 0) damaged[at] = "0123456789\"[]{},:-"u8[random.Next(18)];
                return damaged;
        }
    }
}
