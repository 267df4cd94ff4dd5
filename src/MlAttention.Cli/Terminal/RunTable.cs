using System.Text;

namespace MlAttention.Cli.Terminal;

/// <summary>The runs of an ablation as variants times seeds, filling with dev accuracy, above a bar of what is done.</summary>
/// <param name="variants">The rows.</param>
/// <param name="seeds">The columns.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="height">Lines of the terminal.</param>
internal sealed class RunTable(IReadOnlyList<string> variants, IReadOnlyList<int> seeds, int width, int height)
{
    private const string Heading = "dev texts right, %";
    private const int WidestName = 30, WideCell = 6, NarrowCell = 4, OtherLines = 6, BarWidth = 40, LeastWidth = 30, LeastHeight = OtherLines + 1;
    private readonly Dictionary<(string Variant, int Seed), FinishedRun> _finished = [];
    private readonly int _nameWidth = Math.Clamp(variants.Max(name => name.Length), Heading.Length, Math.Max(Heading.Length, Math.Min(WidestName, width / 2)));
    private AblationProgress? _now;

    /// <summary>Takes up how far the ablation is.</summary>
    public void Add(AblationProgress progress)
    {
        foreach (var run in progress.Finished) _finished[(run.Setup, run.Seed)] = run;
        _now = progress;
    }

    /// <summary>The table's lines, each narrower than the terminal; of more variants or seeds than it has room for, those around the present run. None where a terminal is too small for a table.</summary>
    public IReadOnlyList<string> Lines()
    {
        if (_now is null || width < LeastWidth || height < LeastHeight) return [];
        int room = width - 1 - _nameWidth, cell = seeds.Count * WideCell <= room ? WideCell : NarrowCell;
        var columns = Window(seeds, _now.Seed, Math.Max(1, room / cell));
        var rows = Window(variants, _now.Setup, Math.Max(1, height - OtherLines));
        var lines = new List<string> { Heading.PadRight(_nameWidth) + string.Concat(columns.Select(seed => seed.ToString(CultureInfo.InvariantCulture).PadLeft(cell))) };
        lines.AddRange(rows.Select(variant => Cut(variant) + string.Concat(columns.Select(seed => Cell(variant, seed, cell).PadLeft(cell)))));
        string[] hidden = [.. Hidden(variants.Count - rows.Count, "variant"), .. Hidden(seeds.Count - columns.Count, "seed")];
        if (hidden.Length > 0) lines.Add($"+ {string.Join(", ", hidden)}");
        lines.Add(Bar(_now));
        return lines;
    }

    private string Cut(string name) => (name.Length <= _nameWidth ? name : name[..(_nameWidth - 1)] + "…").PadRight(_nameWidth);

    private static IEnumerable<string> Hidden(int count, string noun) => count == 0 ? [] : [ReportText.Counted(count, noun)];

    // As many as there is room for, with the present one in the middle where that can be.
    private static IReadOnlyList<T> Window<T>(IReadOnlyList<T> all, T present, int most)
    {
        if (all.Count <= most) return all;
        int middle = all.TakeWhile(item => !EqualityComparer<T>.Default.Equals(item, present)).Count();
        return [.. all.Skip(Math.Clamp(middle - most / 2, 0, all.Count - most)).Take(most)];
    }

    private string Cell(string variant, int seed, int width)
    {
        bool isWide = width == WideCell;
        if (_finished.GetValueOrDefault((variant, seed)) is { } run)
            return run.HasFailed ? (isWide ? "fails" : "✗") : run.DevAccuracy is { } share ? (share * 100).ToString(isWide ? "0.0" : "0", CultureInfo.InvariantCulture) : isWide ? "done" : "✓";
        if (_now!.Setup != variant || _now.Seed != seed) return "·";
        string epochs = ReportText.Invariant($"{_now.Epoch}/{_now.MostEpochs}");
        return epochs.Length < width ? epochs : ReportText.Invariant($"e{_now.Epoch}");
    }

    private string Bar(AblationProgress now)
    {
        double done = (now.FinishedRuns + (double)now.Epoch / now.MostEpochs) / now.TotalRuns;
        int length = Math.Min(BarWidth, width - 24), filled = (int)(Math.Min(1, done) * length);
        return new StringBuilder().Append('█', filled).Append('░', length - filled).Append(CultureInfo.InvariantCulture, $" {now.FinishedRuns} of {now.TotalRuns} runs").ToString();
    }
}
