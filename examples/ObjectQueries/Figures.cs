namespace MlAttention.Examples.ObjectQueries;

/// <summary>The figures of a run, as SVG elements.</summary>
public static class Figures
{
    private const int PixelSize = 6, ImageSize = PixelSize * ShapeImages.Side, Gap = 14, Left = 112, Top = 12, LineHeight = 14;
    private static readonly string[] _frames = ["#56b4e9", "#ff9150", "#35c99d", "#e39bc4", "#f0c24b", "#b3a7ef"];

    /// <summary>What there is in each image, and what each detector finds in it.</summary>
    public static string Found(DetectionRun run)
    {
        int rowHeight = ImageSize + 10 + ShapeDetector.Queries * LineHeight + Gap;
        var svg = new SvgWriter(Left + run.Images.Count * (ImageSize + Gap), Top + (1 + run.Detectors.Count) * rowHeight);
        Row(svg, 0, ["what is there"], run.Images.Select(image => image.Objects));
        foreach (var (i, detector) in run.Detectors.Index())
            Row(svg, i + 1, ["what is found", $"positions: {detector.Positions}", Invariant($"mAP {detector.Measures.MeanAveragePrecision:0.00}")], detector.Found);
        return svg.ToSvg("object-queries", "Objects in test images, and what the queries find", $"{run.Images.Count} images of coloured shapes. {string.Join(" ", run.Detectors.Select(detector => Invariant($"With positions {detector.Positions} the mean average precision is {detector.Measures.MeanAveragePrecision:0.00}, the mean overlap of boxes {detector.Measures.Overlap:0.00}.")))}");

        void Row(SvgWriter svg, int row, string[] name, IEnumerable<IEnumerable<ImageObject>> objects)
        {
            int y = Top + row * rowHeight;
            for (int line = 0; line < name.Length; line++) svg.Text(0, y + 14 + line * LineHeight, name[line], line == 0 ? "heading" : "small");
            foreach (var (i, ofImage) in objects.Index())
            {
                int x = Left + i * (ImageSize + Gap);
                DrawImage(svg, x, y, run.Images[i]);
                int line = 0;
                foreach (var one in ofImage)
                {
                    int colour = one is DetectedObject found ? found.Query : line;
                    Frame(svg, x, y, PixelSize, one.Box, _frames[colour % _frames.Length]);
                    svg.Paint(x, y + ImageSize + 6 + line * LineHeight, 1, "M0 0h9v9h-9z", _frames[colour % _frames.Length]).Text(x + 14, y + ImageSize + 15 + line * LineHeight, Words(one), "small");
                    line++;
                }
            }
        }
    }

    /// <summary>Which patches of the first image each query looks at.</summary>
    public static string Attention(DetectionRun run)
    {
        const int Across = 4, Label = 34, Height = ImageSize + Label + 8;
        int panels = 1 + run.Attention.Count, cell = ImageSize / ShapeDetector.Patches;
        var svg = new SvgWriter(Across * (ImageSize + Gap), Top + (panels + Across - 1) / Across * Height + 30);
        double largest = run.Attention.Max(row => row.Max());
        svg.Text(0, Top + 10, "the image", "heading");
        DrawImage(svg, 0, Top + Label - 8, run.Images[0]);
        for (int query = 0; query < run.Attention.Count; query++)
        {
            int x = (query + 1) % Across * (ImageSize + Gap), y = Top + (query + 1) / Across * Height + Label - 8;
            var found = run.Candidates[query];
            bool isObject = run.Detectors[0].Found[0].Any(one => one.Query == query);
            svg.Text(x, y - 16, Invariant($"query {query}"), "heading").Text(x, y - 3, isObject ? Words(found) : "no object", "small");
            var values = new double[ShapeDetector.Patches, ShapeDetector.Patches];
            for (int patch = 0; patch < run.Attention[query].Count; patch++) values[patch / ShapeDetector.Patches, patch % ShapeDetector.Patches] = run.Attention[query][patch];
            HeatMap.Cells(svg, x, y, cell, values, largest);
            if (isObject) svg.Rectangle(x + found.Box.Left * ImageSize, y + found.Box.Top * ImageSize, found.Box.Width * ImageSize, found.Box.Height * ImageSize, "curve s1");
        }
        new HeatCells(largest).DrawBar(svg, 0, Top + (panels + Across - 1) / Across * Height, isSigned: false, share => Invariant($"{share * 100:0}%"));
        return svg.ToSvg("query-attention", "Which patches each query looks at", $"The first test image and, for each of {run.Attention.Count} queries, its attention over {ShapeDetector.Patches} by {ShapeDetector.Patches} patches in the last layer, mean of the heads, with the box that it found: {string.Join("; ", run.Candidates.Select(found => Invariant($"query {found.Query} {(run.Detectors[0].Found[0].Any(one => one.Query == found.Query) ? Words(found) : "no object")}")))}.");
    }

    private static string Words(ImageObject one) => ShapeImages.Classes[one.Class] + (one is DetectedObject found ? Invariant($" {found.Score * 100:0}%") : "");

    /// <summary>The most frequent colour is the ground; pixels of each other colour are one path.</summary>
    private static void DrawImage(SvgWriter svg, int x, int y, ShownImage image)
    {
        string[][] rows = [.. image.Pixels.Select(row => row.Chunk(3).Select(pixel => new string(pixel)).ToArray())];
        string ground = rows.SelectMany(row => row).CountBy(colour => colour).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
        var paths = new SortedDictionary<string, System.Text.StringBuilder>(StringComparer.Ordinal);
        foreach (var (row, pixels) in rows.Index())
            for (int start = 0, end; start < pixels.Length; start = end)
            {
                string colour = pixels[start];
                for (end = start + 1; end < pixels.Length && pixels[end] == colour;) end++;
                if (colour == ground) continue;
                if (!paths.TryGetValue(colour, out var path)) paths.Add(colour, path = new());
                path.Append(CultureInfo.InvariantCulture, $"M{start} {row}h{end - start}v1h-{end - start}z");
            }
        svg.Paint(x, y, PixelSize, $"M0 0h{ShapeImages.Side}v{ShapeImages.Side}h-{ShapeImages.Side}z", "#" + ground);
        foreach (var (colour, path) in paths) svg.Paint(x, y, PixelSize, path.ToString(), "#" + colour);
    }

    /// <summary>A frame in a colour of its own, two pixels wide, the same in light and dark as the image under it.</summary>
    private static void Frame(SvgWriter svg, int x, int y, int unit, Box box, string colour)
    {
        int size = unit * ShapeImages.Side, left = Place(box.Left), top = Place(box.Top), width = Place(box.Right) - left, height = Place(box.Bottom) - top;
        svg.Paint(x, y, 1, $"M{left} {top}h{width}v{height}h-{width}zM{left + 2} {top + 2}v{height - 4}h{width - 4}v-{height - 4}z", colour);

        int Place(double share) => (int)Math.Round(Math.Clamp(share, 0, 1) * size);
    }
}
