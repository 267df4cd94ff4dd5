namespace MlAttention.Reporting.Figures;

/// <summary>CSS classes of a figure's series: Okabe and Ito's (2008) colours, which colour-blind readers can tell apart, with dashes besides.</summary>
internal static class SeriesStyle
{
    private const int Colors = 8;

    /// <summary>For filled shapes.</summary>
    public static string Fill(int series) => FormattableString.Invariant($"f{series % Colors}");

    /// <summary>For lines.</summary>
    public static string Stroke(int series) => FormattableString.Invariant($"s{series % Colors}");
}
