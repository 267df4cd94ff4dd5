using MlAttention.Ablation;
using MlAttention.Reporting;

namespace MlAttention.Cli.Output;

/// <summary>Shows how far an ablation is; elsewhere than on a terminal each run has a line too.</summary>
internal sealed class AblationProgressLine(ProgressLine line) : IProgress<AblationProgress>
{
    private int _lastRun = -1;

    /// <inheritdoc/>
    public void Report(AblationProgress value)
    {
        bool isNewRun = value.FinishedRuns != _lastRun;
        _lastRun = value.FinishedRuns;
        if (value.FinishedRuns == value.TotalRuns)
        {
            string done = $"{value.TotalRuns} run{(value.TotalRuns == 1 ? "" : "s")} done";
            line.Show([done]);
            line.Say($"{done} in {ReportText.Duration(value.Elapsed.TotalSeconds)}");
            return;
        }
        string[] remaining = value.Remaining is { } time ? [$"about {ReportText.Duration(time.TotalSeconds)} to go"] : [];
        line.Show([$"run {value.FinishedRuns + 1} of {value.TotalRuns}: {value.Setup.Name}", $"seed {value.Seed}", $"epoch {value.Epoch}/{value.MostEpochs}", .. remaining], isNewRun);
    }
}
