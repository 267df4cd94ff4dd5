namespace MlAttention.Cli.Commands;

/// <summary>Tells when a model is given other columns than those it was trained on.</summary>
internal static class ModelColumns
{
    /// <summary>Writes a line for the texts and one for the labels where they come from other columns.</summary>
    /// <param name="console">Where it is told.</param>
    /// <param name="trained">How the model's training files were read; null when that is not known.</param>
    /// <param name="used">How the files are read now.</param>
    /// <param name="labelled">Whether labels are read.</param>
    public static void TellDifferences(CliConsole console, CsvSettings? trained, CsvSettings used, bool labelled)
    {
        if (trained is null) return;
        Tell("texts", trained.Text, used.Text);
        if (labelled) Tell("labels", [trained.Label], [used.Label]);

        void Tell(string what, IReadOnlyList<string> before, IReadOnlyList<string> now)
        {
            if (!now.SequenceEqual(before)) console.Error.WriteLine($"warning: the {what} are read from {Names(now)}; the model was trained on {Names(before)}.");
        }
    }

    private static string Names(IReadOnlyList<string> columns) => $"column{(columns.Count == 1 ? "" : "s")} {string.Join(" + ", columns)}";
}
