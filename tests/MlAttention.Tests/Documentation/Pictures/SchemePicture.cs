using MlAttention.Core.Architecture;
using MlAttention.Core.Randomness;
using MlAttention.Tests.Attention;
using static TorchSharp.torch;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>What each position scheme lets a query at i tell of a key at j, from the functions that the models use.</summary>
internal static class SchemePicture
{
    private const int Tokens = 16, Width = 64, HeadWidth = 16, Clip = 4;

    private static readonly PositionOptions s_options = new();
    private static readonly double[,] s_sinusoidal = SinusoidalTable.Of(Tokens, Width, s_options.SinusoidalBase, interleaved: true);
    private static readonly double[,] s_learned = Untrained();

    public static IReadOnlyList<Picture> All { get; } = new PanelPicture("schemes", "What each position scheme lets a query tell of a key", Tokens, across: 4,
    [
        Panel("None", "nothing: a text is", "a bag of tokens", (_, _) => 0),
        Panel("Sinusoidal", "PE(i)·PE(j): depends on the", "distance alone, and fades with it", (i, j) => Product(s_sinusoidal, i, j)),
        Panel("Learned", "a vector for each position, here", "untrained: unlike any other", (i, j) => Product(s_learned, i, j)),
        Panel("Shaw relative", "one vector for each distance j - i,", "all beyond k alike (here k = 4)", (i, j) => Math.Clamp(j - i, -Clip, Clip) / (double)Clip),
        Panel("Relative bias (T5)", "a number for each bucket of", "distances: fine near, coarse far", (i, j) => Bucket(j - i)),
        Panel("Rotary", "q·k of one vector turned to i and", "to j: depends on the distance alone", (i, j) => Rotated(j - i)),
        Panel("ALiBi", "minus a slope times the distance;", "this head looks back, others ahead", (i, j) => j > i ? double.NaN : AlibiSlopes.Of(2)[0] * (j - i)),
        new("One's own", ["SameTokenBonus below: 5 for a", "token and itself"], OwnBias()),
    ]).Pictures;

    private static PanelPicture.Panel Panel(string name, string line, string nextLine, Func<int, int, double> value) => PanelPicture.Panel.Of(name, [line, nextLine], Tokens, value);

    private static double[,] OwnBias()
    {
        using var scope = NewDisposeScope();
        using var positions = new SameTokenBonus();
        float[] bias = positions.ScoreBias(zeros(1, 1, Tokens, HeadWidth), PositionSpan.Whole(Tokens), PositionSpan.Whole(Tokens)).data<float>().ToArray();
        return PanelPicture.Panel.Of("", [], Tokens, (i, j) => bias[i * Tokens + j]).Values;
    }

    private static double Product(double[,] table, int i, int j) => Enumerable.Range(0, Width).Sum(column => table[i, column] * table[j, column]);

    private static double Bucket(int distance)
    {
        int ofASide = s_options.Buckets / 2, bucket = RelativeBuckets.Of(distance, s_options.Buckets, s_options.MaxDistance, bidirectional: true);
        return distance > 0 ? (bucket - ofASide) : -bucket;
    }

    private static double Rotated(int distance) =>
        Enumerable.Range(0, HeadWidth / 2).Average(pair => Math.Cos(distance / Math.Pow(s_options.RotaryBase, 2.0 * pair / HeadWidth)));

    private static double[,] Untrained()
    {
        double[,] table = new double[Tokens, Width];
        var random = Xoshiro256.For(1, "learned positions in a picture");
        for (int i = 0; i < Tokens; i++)
            for (int column = 0; column < Width; column++) table[i, column] = random.NextNormal();
        return table;
    }
}
