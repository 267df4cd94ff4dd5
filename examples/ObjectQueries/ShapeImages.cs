using static TorchSharp.torch;

namespace MlAttention.Examples.ObjectQueries;

/// <summary>
/// Noisy images [3,32,32] with one to four circles, squares and triangles in several colours, which overlap little. The class is the
/// shape; the colour tells nothing. Image i of a seed is always the same.
/// </summary>
public static class ShapeImages
{
    public const int Side = 32, Most = 4;
    private const int Smallest = 9, Largest = 13, Tries = 50;
    private const double LargestOverlap = 0.05;
    private const float Noise = 0.15f;

    /// <summary>The classes, in their order.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["circle", "square", "triangle"];

    private static readonly float[][] s_colors = [[0.9f, 0.3f, 0.2f], [0.2f, 0.5f, 0.9f], [0.95f, 0.8f, 0.2f], [0.3f, 0.75f, 0.4f], [0.7f, 0.4f, 0.8f], [0.9f, 0.9f, 0.9f]];

    /// <summary>Images [B,3,32,32], from -1 to 1, and the objects in each.</summary>
    public static (Tensor Images, IReadOnlyList<IReadOnlyList<ImageObject>> Objects) Batch(int seed, int first, int count)
    {
        var pixels = new float[count * 3 * Side * Side];
        var objects = new List<IReadOnlyList<ImageObject>>();
        for (var i = 0; i < count; i++) objects.Add(Draw(new Random(unchecked(seed * 1_000_003 + first + i)), pixels.AsSpan(i * 3 * Side * Side, 3 * Side * Side)));
        return (tensor(pixels, [count, 3, Side, Side]), objects);
    }

    private static List<ImageObject> Draw(Random random, Span<float> pixels)
    {
        var background = 0.25f * random.NextSingle();
        pixels.Fill(background);
        var objects = new List<ImageObject>();
        var wanted = random.Next(1, Most + 1);
        for (var tries = 0; tries < Tries && objects.Count < wanted; tries++)
        {
            var size = Smallest + (Largest - Smallest) * random.NextDouble();
            var (left, top) = (random.NextDouble() * (Side - size), random.NextDouble() * (Side - size));
            var found = new ImageObject(random.Next(Classes.Count), Box.Between(left / Side, top / Side, (left + size) / Side, (top + size) / Side));
            if (objects.Any(other => other.Box.Iou(found.Box) > LargestOverlap)) continue;
            Paint(pixels, found, s_colors[random.Next(s_colors.Length)]);
            objects.Add(found);
        }
        for (var i = 0; i < pixels.Length; i++) pixels[i] = 2 * (pixels[i] + Noise * (random.NextSingle() - 0.5f)) - 1;
        return objects;
    }

    private static void Paint(Span<float> pixels, ImageObject shape, float[] color)
    {
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                // The pixel's centre, from -1 to 1 inside the shape's box.
                var across = ((x + 0.5) / Side - shape.Box.CentreX) / (shape.Box.Width / 2);
                var down = ((y + 0.5) / Side - shape.Box.CentreY) / (shape.Box.Height / 2);
                if (!Covers(shape.Class, across, down)) continue;
                for (var channel = 0; channel < 3; channel++) pixels[(channel * Side + y) * Side + x] = color[channel];
            }
    }

    private static bool Covers(int shape, double across, double down) => shape switch
    {
        0 => across * across + down * down <= 1,
        1 => Math.Abs(across) <= 1 && Math.Abs(down) <= 1,
        _ => Math.Abs(down) <= 1 && Math.Abs(across) <= (down + 1) / 2,
    };
}
