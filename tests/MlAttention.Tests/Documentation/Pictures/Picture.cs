using MlAttention.Ablation.Reporting;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>A picture of the documentation, drawn from the code and from numbers that the repository holds; two files, light and dark.</summary>
/// <param name="Name">The file's name, without what tells light from dark.</param>
/// <param name="Draw">Gives the figure as an SVG element.</param>
internal sealed record Picture(string Name, Func<string> Draw)
{
    /// <summary>Where all pictures lie.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryFiles.Root, "docs", "pictures");

    /// <summary>Every picture of the repository's pages, but for the chart of docs/PERFORMANCE.md, which its own command draws.</summary>
    public static IReadOnlyList<Picture> All { get; } =
    [
        new("hero", HeroPicture.Wide.Draw), new("hero-narrow", HeroPicture.Narrow.Draw), new("terminal", TerminalPicture.Draw),
        .. WorkedPictures.All, .. BlockPictures.All, .. MaskPicture.All, .. SchemePicture.All, .. AlgorithmPicture.All, new("poolings", PoolingPicture.Draw), new("masking", MaskingPicture.Draw),
        new("sampling", SamplingPicture.Draw), new("cross-attention", CrossAttentionPicture.Draw), .. ResultsPictures.All, .. ComparisonPictures.All, .. ExamplePictures.All,
    ];

    /// <summary>The figure as it stands in a file, with every colour in it.</summary>
    public string SvgOf(bool isDark) => StandaloneSvg.Of(Draw(), scale: 1, isDark);

    /// <summary>The file's path.</summary>
    public string FileOf(bool isDark) => Path.Combine(Folder, $"{Name}-{(isDark ? "dark" : "light")}.svg");
}
