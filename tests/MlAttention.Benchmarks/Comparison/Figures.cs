using System.Globalization;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>How figures are written: three significant digits, the smallest ones as powers of ten, invariant.</summary>
internal static class Figures
{
    public static string Text(double value) => value switch
    {
        >= 100 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("F2", CultureInfo.InvariantCulture),
        >= 0.001 => value.ToString("F3", CultureInfo.InvariantCulture),
        > 0 => value.ToString("0.0E+0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    public static string Times(double ratio) => Text(ratio) + "x";

    public static string Percent(double share) => share.ToString(share is > 0 and < 0.01 ? "P1" : "P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
}
