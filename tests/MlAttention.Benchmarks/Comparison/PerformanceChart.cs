using System.Globalization;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>How many times as fast as the better peer both engines are, from the tables of all groups.</summary>
internal static class PerformanceChart
{
    private const int Width = 760, Left = 300, Right = 700, RowHeight = 34, BarHeight = 11, Top = 46, UnderRows = 34;

    /// <summary>Its files, beside the page.</summary>
    public static string FileName(bool isDark) => $"performance-{(isDark ? "dark" : "light")}.svg";

    /// <summary>The chart as a file of its own; null where nothing was measured that it shows.</summary>
    public static string? Draw(IReadOnlyList<GroupResult> groups, bool isDark)
    {
        var rows = groups.SelectMany(Rows).ToArray();
        if (rows.Length == 0) return null;
        var (height, most) = (Top + rows.Length * RowHeight + UnderRows, rows.Max(row => Math.Max(row.Managed, row.TorchSharp)));
        var x = new PlotScale(0.5, Math.Max(10, most), Left, Right, logarithmic: true);
        var (svg, bottom) = (new SvgWriter(Width, height), height - UnderRows + 4);
        string[] names = [Roster.Managed.Name, Roster.TorchSharp.Name];
        for (var i = 0; i < names.Length; i++)
            svg.Rectangle(Left + i * 160, 12, BarHeight, BarHeight, SeriesStyle.Fill(i)).Text(Left + i * 160 + 17, 22, names[i]);
        foreach (var tick in x.Ticks(5)) svg.Line(x[tick], Top - 8, x[tick], bottom, "grid").Text(x[tick], bottom + 14, tick.ToString(CultureInfo.InvariantCulture) + "x", "small", "middle");
        svg.Line(x[1], Top - 8, x[1], bottom, "axis");
        for (var i = 0; i < rows.Length; i++)
        {
            var y = Top + i * RowHeight;
            svg.Text(Left - 8, y + BarHeight + 3, rows[i].What, "label", "end");
            Bar(y, rows[i].Managed, 0);
            Bar(y + BarHeight + 1, rows[i].TorchSharp, 1);
        }
        var words = string.Join("; ", rows.Select(row => $"{row.What}: {Figures.Times(row.Managed)} and {Figures.Times(row.TorchSharp)}"));
        return StandaloneSvg.Of(svg.ToSvg("performance", "Speed against the better of two peers on libtorch", $"Managed engine and TorchSharp engine, as multiples of the better peer's speed. {words}."), 1, isDark);

        void Bar(double y, double times, int series)
        {
            var (from, to) = (Math.Min(x[1], x[times]), Math.Max(x[1], x[times]));
            svg.Rectangle(from, y, Math.Max(1, to - from), BarHeight, SeriesStyle.Fill(series)).Text(to + 4, y + BarHeight - 2, Figures.Times(times), "small");
        }
    }

    private static IEnumerable<(string What, double Managed, double TorchSharp)> Rows(GroupResult group)
    {
        if (!Roster.Names.All(group.Columns.Contains) || group.Columns[0] is not ("dropout" or "batch")) yield break;
        var title = group.Title.Split(" (")[0].Replace("A training step", "training", StringComparison.Ordinal);
        foreach (var row in group.Rows)
        {
            if (group.Columns[0] == "dropout" && row[0] != "0") continue;      // libtorch's own dropout is slow
            var peer = Math.Min(Time(Roster.Nn.Name), Time(Roster.ByHand.Name));
            yield return (group.Columns[0] == "dropout" ? title : $"{title}, {row[0]} x {row[1]}", peer / Time(Roster.Managed.Name), peer / Time(Roster.TorchSharp.Name));

            double Time(string name) => double.Parse(row[group.Columns.Index().First(column => column.Item == name).Index], CultureInfo.InvariantCulture);
        }
    }
}
