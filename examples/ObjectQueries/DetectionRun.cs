using System.Text.Json;
using static TorchSharp.torch;

namespace MlAttention.Examples.ObjectQueries;

/// <summary>What one detector came to.</summary>
/// <param name="Positions">How its patches say where they lie.</param>
/// <param name="Losses">The mean loss of each part of the training, all parts of one length.</param>
/// <param name="Measures">On test images.</param>
/// <param name="Found">What it found in each of the shown images.</param>
public sealed record DetectorResult(string Positions, IReadOnlyList<double> Losses, Measures Measures, IReadOnlyList<IReadOnlyList<DetectedObject>> Found);

/// <summary>An image that the figures show.</summary>
/// <param name="Pixels">Its rows, each pixel three hexadecimal digits for red, green and blue.</param>
/// <param name="Objects">What is in it.</param>
public sealed record ShownImage(IReadOnlyList<string> Pixels, IReadOnlyList<ImageObject> Objects);

/// <summary>All that the figures show of a run: small enough to keep.</summary>
/// <param name="Steps">Steps of each training.</param>
/// <param name="Detectors">The results, with positions first.</param>
/// <param name="Images">Test images.</param>
/// <param name="Attention">Of the first detector and first image: how much each query looks at each patch, [Q][S].</param>
/// <param name="Candidates">Of the first detector and first image: class, box and score of each query.</param>
public sealed record DetectionRun(int Steps, IReadOnlyList<DetectorResult> Detectors, IReadOnlyList<ShownImage> Images, IReadOnlyList<IReadOnlyList<double>> Attention, IReadOnlyList<DetectedObject> Candidates)
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = false };

    /// <summary>The run in a file.</summary>
    public static DetectionRun Read(string file) => JsonSerializer.Deserialize<DetectionRun>(File.ReadAllText(file), _json)!;

    /// <summary>Keeps the run.</summary>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, _json) + "\n");

    /// <summary>The first test images.</summary>
    public static IReadOnlyList<ShownImage> Shown(int count)
    {
        using var scope = NewDisposeScope();
        var (images, objects) = ShapeImages.Batch(Measures.TestSeed, 0, count);
        return [.. objects.Select((ofImage, i) => new ShownImage(Hexadecimal(images[i]), [.. ofImage.Select(Rounded)]))];
    }

    /// <summary>What a detector finds in them.</summary>
    public static IReadOnlyList<IReadOnlyList<DetectedObject>> FoundIn(ShapeDetector detector, int count)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return [.. detector.call(ShapeImages.Batch(Measures.TestSeed, 0, count).Images).Objects().Select(ofImage => ofImage.Select(Rounded).ToArray())];
    }

    /// <summary>What each query of a detector looks at in the first of them, and what it finds.</summary>
    public static (IReadOnlyList<IReadOnlyList<double>> Attention, IReadOnlyList<DetectedObject> Candidates) Queries(ShapeDetector detector)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var image = ShapeImages.Batch(Measures.TestSeed, 0, 1).Images;
        var weights = detector.QueryAttention(image)[0];                                 // [Q,S]
        return ([.. Enumerable.Range(0, ShapeDetector.Queries).Select(query => weights[query].data<float>().ToArray().Select(weight => Math.Round(weight, 4)).ToArray())],
            [.. detector.call(image).Candidates()[0].Select(Rounded)]);
    }

    private static string[] Hexadecimal(Tensor image)
    {
        var values = image.contiguous().data<float>().ToArray();
        string Pixel(int place) => string.Concat(Enumerable.Range(0, 3).Select(channel => ((int)Math.Clamp(Math.Round((values[channel * ShapeImages.Side * ShapeImages.Side + place] + 1) / 2 * 15), 0, 15)).ToString("x", CultureInfo.InvariantCulture)));
        return [.. Enumerable.Range(0, ShapeImages.Side).Select(y => string.Concat(Enumerable.Range(0, ShapeImages.Side).Select(x => Pixel(y * ShapeImages.Side + x))))];
    }

    private static Box Rounded(Box box) => new(Math.Round(box.CentreX, 4), Math.Round(box.CentreY, 4), Math.Round(box.Width, 4), Math.Round(box.Height, 4));

    private static ImageObject Rounded(ImageObject one) => new(one.Class, Rounded(one.Box));

    private static DetectedObject Rounded(DetectedObject one) => one with { Box = Rounded(one.Box), Score = Math.Round(one.Score, 3) };
}
