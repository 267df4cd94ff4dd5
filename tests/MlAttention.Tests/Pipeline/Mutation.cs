using System.Globalization;

namespace MlAttention.Tests.Pipeline;

/// <summary>Random damage to bytes.</summary>
internal static class Mutation
{
    /// <summary>How often a test tries; MLATTENTION_MUTATIONS=2000 tries more than the test's own number.</summary>
    public static int Trials(int usual) =>
        int.Parse(Environment.GetEnvironmentVariable("MLATTENTION_MUTATIONS") ?? $"{usual}", CultureInfo.InvariantCulture);

    /// <summary>A copy with a flipped bit, overwritten bytes, bytes cut out or doubled, or its end cut off.</summary>
    public static byte[] Of(byte[] bytes, Random random)
    {
        var damaged = (byte[])bytes.Clone();
        var at = random.Next(bytes.Length);
        var count = Math.Min(1 + random.Next(8), bytes.Length - at);
        switch (random.Next(6))
        {
            case 0:
                damaged[at] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 1:
                damaged.AsSpan(at, count).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                return damaged;
            case 2:
                random.NextBytes(damaged.AsSpan(at, count));
                return damaged;
            case 3:
                return [.. bytes[..at], .. bytes[(at + count)..]];
            case 4:
                return [.. bytes[..(at + count)], .. bytes[at..]];
            default:
                return bytes[..at];
        }
    }
}
