namespace MlAttention.Ablation.Report;

/// <summary>How reports write numbers: always with a decimal point, whatever the machine's culture.</summary>
internal static class ReportText
{
    /// <summary>A share as per cent, for example "98.3%".</summary>
    public static string Percent(double? share) => share is { } value ? Invariant($"{value * 100:0.0}%") : "–";

    /// <summary>A difference of shares in points, for example "+65.0".</summary>
    public static string Points(double? difference) => difference is { } value ? Invariant($"{value * 100:+0.0;-0.0;0.0}") : "–";

    /// <summary>An interval of a difference in points, for example "[64.1, 65.9]".</summary>
    public static string Points(ConfidenceInterval? interval) => interval is { } range ? Invariant($"[{range.Lower * 100:0.0;-0.0;0.0}, {range.Upper * 100:0.0;-0.0;0.0}]") : "–";

    /// <summary>A probability, for example "0.0039" or "&lt; 0.0001".</summary>
    public static string P(double? p) => p switch
    {
        null => "–",
        < 0.0001 => "< 0.0001",
        < 0.01 => Invariant($"{p.Value:0.0000}"),
        _ => Invariant($"{p.Value:0.000}"),
    };

    /// <summary>What p is, for example "p = 0.0039" or "p &lt; 0.0001".</summary>
    public static string PIs(double? p) => p < 0.0001 ? $"p {P(p)}" : $"p = {P(p)}";

    /// <summary>Any number with a few digits.</summary>
    public static string Number(double? value) => value switch
    {
        null => "–",
        0 => "0",
        _ when Math.Abs(value.Value) is >= 1e-3 and < 1e5 => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.0e-0", CultureInfo.InvariantCulture),
    };

    /// <summary>A number with its noun, for example "1 point", "1.5 points".</summary>
    public static string Quantity(double number, string noun) => $"{Number(number)} {noun}{(Number(number) == "1" ? "" : "s")}";

    /// <summary>A whole number with thousands separated, for example "66,051".</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, for example "1 row", "66,051 rows".</summary>
    public static string Counted(long count, string one, string? several = null) => $"{Count(count)} {(count == 1 ? one : several ?? one + "s")}";

    /// <summary>A duration, for example "2 min 5 s".</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 10 => Invariant($"{seconds:0.0} s"),
        < 60 => Invariant($"{seconds:0} s"),
        < 3600 => Invariant($"{Math.Floor(seconds / 60):0} min {seconds % 60:00} s"),
        _ => Invariant($"{Math.Floor(seconds / 3600):0} h {Math.Floor(seconds % 3600 / 60):00} min"),
    };

    /// <summary>Formats without the machine's culture.</summary>
    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>The text with a capital letter first.</summary>
    public static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>"a, b and c".</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count <= 1 ? string.Concat(items) : $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}";
}
