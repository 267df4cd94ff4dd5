namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>What a reader of a page can hide in all its figures and tables: a position scheme, the other encoders, an arm of a pretrained encoder.</summary>
/// <param name="Name">What its button says.</param>
/// <param name="Series">Its colour and marker.</param>
internal sealed record Scheme(string Name, int Series)
{
    private const int EncoderSeries = 6, TestSeries = 5;

    /// <summary>The models without attention.</summary>
    public static Scheme WithoutAttention { get; } = new("without attention", SeriesStyle.WithoutAttention);

    /// <summary>The scheme that a variant belongs to, whatever its mask and shuffling.</summary>
    public static Scheme Of(AblationVariant variant) => variant switch
    {
        { Pretrained: { } arm } => arm.IsTestOnly() ? new("ordered, other tests", TestSeries) : new(variant.Name, SeriesStyle.Of(variant)),
        { Encoder: not EncoderKind.Attention } => new("other encoders", EncoderSeries),
        _ => Of(variant.Positions),
    };

    /// <summary>A position scheme.</summary>
    public static Scheme Of(PositionScheme positions) => new(VariantNames.Of(positions), SeriesStyle.Of(positions));

    /// <summary>The attribute that names an element's scheme.</summary>
    public string Attribute => $" data-scheme=\"{SvgWriter.Escape(Name)}\"";

    /// <summary>Those of a report, in its order.</summary>
    public static IReadOnlyList<Scheme> All(OrderingAblationReport report) =>
        [.. report.Variants.Select(result => Of(result.Variant)).Concat(report.Baselines.Select(_ => WithoutAttention)).Distinct()];
}

/// <summary>Figures whose parts the reader can hide.</summary>
internal static class SchemeGroups
{
    /// <summary>What belongs to a scheme; null for what always stands there.</summary>
    public static SvgWriter Group(this SvgWriter svg, Scheme? scheme, Action draw) => svg.Group(scheme?.Attribute ?? "", draw);
}
