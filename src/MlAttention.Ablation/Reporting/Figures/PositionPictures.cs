namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>The pictures of position schemes.</summary>
internal static class PositionPictures
{
    /// <summary>Those that the report shows: of schemes whose numbers are fixed before training.</summary>
    public static IReadOnlyList<ReportFigure> OfReport { get; } =
    [
        new SchemePicture("positions", "Sinusoidal position encoding", PositionScheme.Sinusoidal, (id, model) => PositionHeatMap.Draw(id, PositionPattern.Of(model, [])!, isTitled: false)),
        new SchemePicture("position-similarity", "How alike sinusoidal positions are: PE·PEᵀ", PositionScheme.Sinusoidal, (id, model) => PositionHeatMap.Draw(id, PositionPattern.Similarity(model, [])!, isTitled: false)),
        new SchemePicture("alibi-slopes", "ALiBi: what distance costs in each head", PositionScheme.Alibi, (id, model) => PositionLines.Draw(id, PositionPattern.ByDistance(model, [])!, isTitled: false)),
    ];

    /// <summary>The pictures of a trained model's scheme; none for a model without positions.</summary>
    /// <param name="model">The architecture.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="areTitled">Whether the titles stand in the figures, not beside them.</param>
    /// <returns>Ids, titles and figures.</returns>
    public static IReadOnlyList<(string Id, string Title, string Svg)> Of(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights, bool areTitled)
    {
        (string Id, PositionPattern? Pattern, bool IsMap)[] pictures =
        [
            ("positions", PositionPattern.Of(model, weights), true),
            ("position-similarity", PositionPattern.Similarity(model, weights), true),
            ("by-distance", PositionPattern.ByDistance(model, weights), false),
        ];
        return
        [
            .. from picture in pictures
               where picture.Pattern is not null
               select (picture.Id, picture.Pattern.Title, picture.IsMap ? PositionHeatMap.Draw(picture.Id, picture.Pattern, areTitled) : PositionLines.Draw(picture.Id, picture.Pattern, areTitled)),
        ];
    }

    private sealed class SchemePicture(string id, string title, PositionScheme scheme, Func<string, SequenceModelOptions, string> draw) : ReportFigure(id, title)
    {
        public override Scheme? Scheme => Figures.Scheme.Of(scheme);

        public override string? Draw(OrderingAblationReport report) =>
            !report.Plan.IsPretrained && report.Plan.Positions.Contains(scheme) ? draw(Id, report.Plan.Model with { Positions = scheme }) : null;
    }
}
