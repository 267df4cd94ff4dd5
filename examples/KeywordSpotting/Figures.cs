namespace MlAttention.Examples.KeywordSpotting;

/// <summary>The figures of a run, as SVG elements.</summary>
public static class Figures
{
    private const int Left = 92, FrameWidth = 7, BandHeight = 9, TokenWidth = FrameWidth * KeywordSounds.FramesPerToken, RowHeight = 26;

    /// <summary>The sound, what is said in it, and where each detector names a keyword.</summary>
    public static string Finds(KeywordRun run)
    {
        int top = 24, bottom = top + KeywordSounds.Bands * BandHeight;
        var svg = new SvgWriter(Left + KeywordSounds.Frames * FrameWidth + 12, bottom + 14 + RowHeight * (1 + run.Detectors.Count) + 30);
        svg.Text(Left, 14, "band energies: low bands below, time to the right", "small");
        var energies = new HeatCells(run.Energies.Max(frame => frame.Max()));
        for (int frame = 0; frame < run.Energies.Count; frame++)
            for (int band = 0; band < KeywordSounds.Bands; band++) energies.Add(Left + frame * FrameWidth, bottom - (band + 1) * BandHeight, FrameWidth, BandHeight, run.Energies[frame][band]);
        energies.Draw(svg);
        svg.Text(Left - 8, (top + bottom) / 2 + 4, "sound", "label", "end");
        Row(0, "said", run.Said, "f7");
        foreach (var (i, heard) in run.Detectors.Index()) Row(i + 1, heard.Window is { } window ? $"window {window}" : "all the past", heard.Named, "f1");
        int axis = bottom + 14 + RowHeight * (1 + run.Detectors.Count) + 4;
        for (int tenth = 0; tenth <= 9; tenth += 3) svg.Text(Left + tenth * 10 * FrameWidth, axis + 12, Invariant($"{tenth / 10.0:0.0} s"), "small", "middle");
        return svg.ToSvg("keyword-finds", "Where keywords are said and found", $"A sound of {KeywordSounds.Frames} frames; said: {Words(run.Said)}. {string.Join(" ", run.Detectors.Select(heard => $"{(heard.Window is { } window ? $"With a window of {window}" : "With all the past")}: {Words(heard.Named)}."))}");

        void Row(int row, string name, IReadOnlyList<long> classes, string style)
        {
            int y = bottom + 14 + row * RowHeight;
            svg.Text(Left - 8, y + 14, name, "label", "end").Rectangle(Left, y, KeywordSounds.Tokens * TokenWidth, RowHeight - 6, "band");
            string names = "";
            var spans = Experiment.Spans([.. classes]);
            foreach (var (i, (start, end, ofClass)) in spans.Index())
            {
                svg.Rectangle(Left + start * TokenWidth, y, (end - start) * TokenWidth - 1, RowHeight - 6, style);
                names += (names.Length > 0 ? ", " : "") + KeywordSounds.Classes[(int)ofClass];
                if (i + 1 < spans.Count && spans[i + 1].Start == end) continue;
                svg.Text(Left + end * TokenWidth + 4, y + 14, names, "label");
                names = "";
            }
        }
    }

    /// <summary>The attention of the shown detectors: a band where the window is narrow, a triangle where all the past is seen.</summary>
    public static string Bands(KeywordRun run)
    {
        const int Cell = 9, Gap = 40, Top = 40;
        int side = KeywordSounds.Tokens * Cell;
        var svg = new SvgWriter(20 + run.Detectors.Count * (side + Gap), Top + side + 52);
        foreach (var (i, heard) in run.Detectors.Index())
        {
            int x = 20 + i * (side + Gap);
            svg.Text(x, 14, heard.Window is { } window ? $"window of {window}" : "all the past", "heading").Text(x, 30, "heard: token →", "small");
            if (i == 0) svg.Text(12, Top, "← token that listens", "small", "end", -90);
            var values = new double[KeywordSounds.Tokens, KeywordSounds.Tokens];
            for (int row = 0; row < KeywordSounds.Tokens; row++)
                for (int column = 0; column < KeywordSounds.Tokens; column++) values[row, column] = heard.Attention[row][column];
            HeatMap.Cells(svg, x, Top, Cell, values, 1);
        }
        new HeatCells(1).DrawBar(svg, 20, Top + side + 12, isSigned: false, share => Invariant($"{share * 100:0}%"));
        return svg.ToSvg("keyword-attention", "What each token listens to", $"Attention weights of {KeywordSounds.Tokens} tokens, mean of the heads of the last layer: {string.Join("; ", run.Detectors.Select(heard => heard.Window is { } window ? $"with a window of {window} a band of {window + 1} along the diagonal" : "with all the past the whole triangle below the diagonal"))}.");
    }

    private static string Words(IReadOnlyList<long> classes) =>
        string.Join(", ", Experiment.Spans([.. classes]).Select(span => KeywordSounds.Classes[(int)span.Class])) is { Length: > 0 } words ? words : "none";
}
