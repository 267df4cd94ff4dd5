using System.Text;

namespace MlAttention.Tests.Pretrained;

/// <summary>Damages copies of a folder in ways in which files are damaged, or made to do harm.</summary>
/// <param name="source">The good folder.</param>
/// <param name="random">The choices.</param>
internal sealed class FolderMutations(string source, Random random)
{
    private static readonly string[] s_values =
        ["null", "[]", "{}", "-1", "0", "1e99", "2147483647", "9223372036854775807", "true", "\"\"", "\"\\ud800\"", "[[[[[[[[[[", "0.5", "\"../../x\"", "1000000"];

    private readonly (string Name, byte[] Bytes)[] _files = [.. Directory.GetFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => (Path.GetRelativePath(source, path), File.ReadAllBytes(path)))];

    /// <summary>Writes the folder with one or two of its files damaged.</summary>
    /// <returns>What was done.</returns>
    public string Write(string target)
    {
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        foreach (var (name, bytes) in _files)
        {
            string path = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }

        var done = new StringBuilder();
        for (int left = random.Next(4) == 0 ? 2 : 1; left > 0; left--)
        {
            var (name, _) = _files[random.Next(_files.Length)];
            string path = Path.Combine(target, name);
            done.Append(name).Append(": ");
            if (random.Next(40) == 0)
            {
                File.Delete(path);
                done.Append("deleted; ");
                continue;
            }
            byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
            done.Append(Damage(ref bytes)).Append("; ");
            File.WriteAllBytes(path, bytes);
        }
        return done.ToString();
    }

    private string Damage(ref byte[] bytes)
    {
        // Headers of binary files are where harm is done, so half of the damage falls on the first bytes.
        int at = bytes.Length == 0 ? 0 : random.Next(random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 2000));
        int length = Math.Min(bytes.Length - at, 1 + random.Next(20));
        switch (random.Next(8))
        {
            case 0 when bytes.Length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return $"a bit of byte {at} flipped";
            case 1:
                bytes = bytes[..at];
                return $"cut at {at}";
            case 2:
                bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                return $"{length} bytes from {at} on left out";
            case 3:
                bytes = [.. bytes[..(at + length)], .. bytes[at..]];
                return $"{length} bytes from {at} on twice";
            case 4:
                byte[] noise = new byte[length];
                random.NextBytes(noise);
                noise.CopyTo(bytes.AsSpan(at));
                return $"{length} bytes of noise at {at}";
            case 5:
                (_, bytes) = _files[random.Next(_files.Length)];
                return "another file's content";
            default:
                return ReplaceValue(ref bytes, at);
        }
    }

    /// <summary>Puts another value in the place of a number or a text of JSON, or of a line.</summary>
    private string ReplaceValue(ref byte[] bytes, int from)
    {
        int begin = bytes.AsSpan(from).IndexOfAny(":,[\n"u8);
        if (begin < 0) return "nothing";
        begin += from + 1;
        int end = bytes.AsSpan(begin).IndexOfAny(",]}\n"u8);
        end = end < 0 ? bytes.Length : begin + end;
        string value = s_values[random.Next(s_values.Length)];
        bytes = [.. bytes[..begin], .. Encoding.UTF8.GetBytes(value), .. bytes[end..]];
        return $"{value} at {begin}";
    }
}

/// <summary>Reads a folder that may be damaged and uses what it gives.</summary>
internal static class DamagedFolder
{
    /// <summary>Most bytes that a read may take, beyond what the folder's files hold several times over.</summary>
    public const long MostBytes = 64_000_000;

    /// <summary>Loads and encodes a text.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="use">Uses the encoder with the ids of a text.</param>
    /// <param name="allocated">Bytes allocated by loading.</param>
    /// <returns>The error's message, or null when the folder could be read and used.</returns>
    /// <remarks>Any exception but the one kind for damaged files, and the one for missing files, comes through.</remarks>
    public static string? Try(string folder, Action<PretrainedEncoder, int[]> use, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var encoder = PretrainedEncoder.Load(folder);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            int[] ids = encoder.Tokenizer.Encode("a good film, \u00e9\u4e2d!");
            use(encoder, ids.Length <= encoder.Architecture.MaxLength ? ids : ids[..encoder.Architecture.MaxLength]);
            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return exception.Message;
        }
    }
}
