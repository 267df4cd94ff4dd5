using MlAttention.Ablation;
using MlAttention.Reporting;

namespace MlAttention.Cli.Output;

/// <summary>Shows how far an ablation is: one line that is rewritten on a terminal, one line a run elsewhere.</summary>
internal sealed class AblationProgressLine(CliConsole console) : IProgress<AblationProgress>
{
    private int _lastRun = -1;

    /// <inheritdoc/>
    public void Report(AblationProgress value)
    {
        bool isNewRun = value.FinishedRuns != _lastRun;
        _lastRun = value.FinishedRuns;
        if (console.ErrorIsTerminal) console.Error.Write("\r" + Fit(Line(value) + $", epoch {value.Epoch}/{value.MostEpochs}") + (value.FinishedRuns == value.TotalRuns ? "\n" : ""));
        else if (isNewRun) console.Error.WriteLine(Line(value));
    }

    private string Fit(string line) => line.Length < console.Width ? line.PadRight(console.Width - 1) : line[..(console.Width - 1)];

    private static string Line(AblationProgress value)
    {
        string done = ReportText.Invariant($"run {Math.Min(value.FinishedRuns + 1, value.TotalRuns)} of {value.TotalRuns}");
        string time = value.Remaining is { } remaining ? $", {ReportText.Duration(value.Elapsed.TotalSeconds)} gone, about {ReportText.Duration(remaining.TotalSeconds)} to go" : "";
        return value.FinishedRuns == value.TotalRuns
            ? ReportText.Invariant($"{value.TotalRuns} runs done in {ReportText.Duration(value.Elapsed.TotalSeconds)}")
            : ReportText.Invariant($"{done}: {value.Setup.Name}, seed {value.Seed}{time}");
    }
}
