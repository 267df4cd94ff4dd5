using SkiaSharp;
using Svg.Skia;

namespace MlAttention.Cli.Output;

/// <summary>Figures as SVG files, and as PNG files that Skia draws.</summary>
internal static class FigureFiles
{
    /// <summary>Pixels of the PNG file to a unit of the figure.</summary>
    private const int Scale = 3;

    private const int Quality = 100;

    private const string Debian = "on Debian and Ubuntu: apt-get install -y";

    /// <summary>Fails, before any work is done, unless Skia can be loaded and has a font with letters.</summary>
    /// <exception cref="InputException">It cannot, or has none; the message says how to get what is missing.</exception>
    public static void RequireDrawing()
    {
        try
        {
            using var typeface = SKFontManager.Default.MatchCharacter('a');
            if (typeface is null) throw new InputException($"--png needs a font, and there is none. Install one, {Debian} fonts-dejavu-core");
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException)
        {
            throw new InputException($"--png draws with Skia, which cannot be loaded: it is there for Linux and Windows (x64) and macOS (arm64), and on Linux needs fontconfig and a font, {Debian} libfontconfig1 fonts-dejavu-core", error);
        }
    }

    /// <summary>Fails, before any work is done, unless figures can be drawn and written into the folder of --png, which holds no files that would be lost.</summary>
    /// <param name="folder">The folder; null when the option is not given.</param>
    /// <param name="force">Whether files of the folder may be replaced.</param>
    /// <exception cref="InputException">They cannot, or it does; the message says what to do.</exception>
    public static void RequireFolder(string? folder, bool force)
    {
        if (folder is null) return;
        OutputFile.RequireWritableFolder(folder, "--png");
        if (!force && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new InputException($"{folder} is not empty. Choose another folder with --png, or write into it with --force.");
        RequireDrawing();
    }

    /// <summary>Writes each figure as name.svg and name.png.</summary>
    /// <param name="figures">Names of files without extension, and figures as the report has them.</param>
    /// <param name="folder">The folder, which is made if it is missing.</param>
    /// <returns>The PNG files.</returns>
    public static IReadOnlyList<string> Write(IEnumerable<(string Name, string Svg)> figures, string folder) =>
        [.. figures.Select(figure => Write(Path.Combine(folder, figure.Name), figure.Svg))];

    private static string Write(string path, string figure)
    {
        string svg = StandaloneSvg.Of(figure, Scale), target = path + ".png";
        OutputFile.WriteText(path + ".svg", svg);
        using var drawing = new SKSvg();
        if (drawing.FromSvg(svg) is not { } picture) throw new InvalidOperationException($"{path}.svg could not be drawn.");
        using var image = SKImage.FromPicture(picture, picture.CullRect.Size.ToSizeI());
        using var png = image.Encode(SKEncodedImageFormat.Png, Quality);
        OutputFile.Write(target, file =>
        {
            using var stream = File.Create(file);
            png.SaveTo(stream);
        });
        return target;
    }
}
