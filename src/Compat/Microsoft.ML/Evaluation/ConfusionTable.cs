using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>A confusion matrix as text: a row for each actual class, with recall at its right and precision below.</summary>
internal static class ConfusionTable
{
    private const string Corner = "PREDICTED";

    public static string Format(ConfusionMatrix matrix, string[] names)
    {
        int width = matrix.NumberOfClasses == 2 ? 8 : 5;
        bool numbered = names.Max(name => name.Length) > width;
        string[] header = [.. names.Select((name, index) => (numbered ? Number(index) : name).PadLeft(width))];
        string[] rows = RowLabels(names, numbered);
        int labelWidth = Math.Max(Corner.Length, rows.Max(row => row.Length));
        string rule = new('=', matrix.NumberOfClasses * (width == 8 ? 11 : 8));

        var text = new StringBuilder();
        text.AppendLine().AppendLine("Confusion table");
        AppendRow(text, "", labelWidth, rule);
        AppendRow(text, Corner, labelWidth, string.Concat(header.Select(name => $" {name} |")) + " Recall");
        AppendRow(text, "TRUTH", labelWidth, rule);
        for (int actual = 0; actual < matrix.NumberOfClasses; actual++)
        {
            IEnumerable<string> cells = matrix.Counts[actual].Select(count => $" {count.ToString("N0", CultureInfo.InvariantCulture).PadLeft(width)} |");
            text.Append(rows[actual].PadLeft(labelWidth)).Append(" ||").AppendJoin("", cells).Append(' ').AppendLine(Share(matrix.PerClassRecall[actual]));
        }

        AppendRow(text, "", labelWidth, rule);
        AppendRow(text, "Precision", labelWidth, string.Concat(matrix.PerClassPrecision.Select(precision => $"{Share(precision).PadLeft(width + 1)} |")));
        return text.ToString();
    }

    // Names too long for the header stand beside the rows, with the numbers that the header shows instead.
    private static string[] RowLabels(string[] names, bool numbered)
    {
        if (!numbered)
        {
            return names;
        }

        int digits = Number(names.Length - 1).Length;
        int longest = Math.Max(names.Max(name => name.Length), Corner.Length - digits - 2);
        return [.. names.Select((name, index) => $"{Number(index).PadLeft(digits)}. {name.PadLeft(longest)}")];
    }

    private static void AppendRow(StringBuilder text, string label, int labelWidth, string cells) =>
        text.Append(label.PadRight(labelWidth)).Append(" ||").AppendLine(cells);

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("F4", CultureInfo.InvariantCulture);
}
