using static TorchSharp.torch;

namespace MlAttention.Examples.KeywordSpotting;

/// <summary>
/// Made-up speech: band energies [96,12] of noise in which sounds follow each other, each two formants (bands) for 4 to 7 frames.
/// Of five sounds a to e, the keywords are acd, bcd, adc and bdc, said at random places and speeds; other words have the same sounds
/// in other orders. So the last sound alone, and the last two, tell nothing: a detector has to remember the first.
/// </summary>
public static class KeywordSounds
{
    public const int Frames = 96, Bands = 12, FramesPerToken = 3, Tokens = Frames / FramesPerToken;
    private const int Shortest = 4, Longest = 7, Words = 3; // frames of a sound; words said, with pauses between them
    private const float Noise = 0.6f, Loudness = 1;

    /// <summary>The classes of a token: none, then the keywords.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["none", "acd", "bcd", "adc", "bdc"];

    private static readonly string[] s_others = ["ecd", "edc", "cad", "cda", "abc", "dcb", "bca", "ecb"];
    private static readonly (int Low, int High)[] s_formants = [(0, 6), (1, 8), (2, 10), (3, 7), (4, 11)];

    /// <summary>Sounds [B,96,12] and the class of each token, int64 [B,32]: a keyword's from the middle of its last sound to its end, else none.</summary>
    public static (Tensor Energies, Tensor Classes) Batch(int seed, int first, int count)
    {
        var energies = new float[count * Frames * Bands];
        var classes = new long[count * Tokens];
        for (var i = 0; i < count; i++)
            Speak(new Random(unchecked(seed * 1_000_003 + first + i)), energies.AsSpan(i * Frames * Bands, Frames * Bands), classes.AsSpan(i * Tokens, Tokens));
        return (tensor(energies, [count, Frames, Bands]), tensor(classes, [count, Tokens]));
    }

    private static void Speak(Random random, Span<float> energies, Span<long> classes)
    {
        for (var i = 0; i < energies.Length; i++) energies[i] = Noise * random.NextSingle();
        var time = random.Next(1, 10);
        for (var word = 0; word < Words; word++)
        {
            var keyword = random.Next(2) == 0 ? 0 : random.Next(1, Classes.Count);
            var sounds = keyword > 0 ? Classes[keyword] : s_others[random.Next(s_others.Length)];
            var speed = random.Next(Shortest, Longest + 1);
            if (time + sounds.Length * (speed + 1) > Frames) return;
            foreach (var sound in sounds)
            {
                var length = speed + random.Next(2);
                Sound(energies, sound - 'a', time, length, Loudness * (0.7f + 0.6f * random.NextSingle()));
                time += length;
                if (keyword > 0 && sound == sounds[^1])
                    for (var token = (time - length / 2) / FramesPerToken; token <= (time - 1) / FramesPerToken; token++) classes[token] = keyword;
            }
            time += random.Next(3, 12);
        }
    }

    /// <summary>Two formants that rise and fall, and spread a little into the bands beside them.</summary>
    private static void Sound(Span<float> energies, int sound, int start, int length, float loudness)
    {
        for (var frame = 0; frame < length; frame++)
        {
            var strength = loudness * (float)Math.Sin(Math.PI * (frame + 1) / (length + 1));
            foreach (var band in new[] { s_formants[sound].Low, s_formants[sound].High })
                for (var near = Math.Max(0, band - 1); near <= Math.Min(Bands - 1, band + 1); near++)
                    energies[(start + frame) * Bands + near] += near == band ? strength : 0.3f * strength;
        }
    }
}
