using MlAttention.Examples.KeywordSpotting;
using MlAttention.Examples.ObjectQueries;

namespace MlAttention.Tests.Documentation.Pictures;

/// <summary>The figures of the examples, from a run of each that docs/pictures keeps.</summary>
internal static class ExamplePictures
{
    /// <summary>The run of examples/ObjectQueries.</summary>
    public static DetectionRun ObjectQueries => DetectionRun.Read(Path.Combine(Picture.Folder, "object_queries.json"));

    /// <summary>The run of examples/KeywordSpotting.</summary>
    public static KeywordRun KeywordSpotting => KeywordRun.Read(Path.Combine(Picture.Folder, "keyword_spotting.json"));

    /// <summary>All figures.</summary>
    public static IReadOnlyList<Picture> All { get; } =
    [
        new("object-queries", () => MlAttention.Examples.ObjectQueries.Figures.Found(ObjectQueries)),
        new("query-attention", () => MlAttention.Examples.ObjectQueries.Figures.Attention(ObjectQueries)),
        new("keyword-finds", () => MlAttention.Examples.KeywordSpotting.Figures.Finds(KeywordSpotting)),
        new("keyword-attention", () => MlAttention.Examples.KeywordSpotting.Figures.Bands(KeywordSpotting)),
    ];
}
