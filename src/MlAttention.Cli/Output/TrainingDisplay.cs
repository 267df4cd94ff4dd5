using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Cli.Commands;
using MlAttention.Reporting;
using MlAttention.Training;

namespace MlAttention.Cli.Output;

/// <summary>Shows how far training is, from reading the files to the last epoch, and what the classifier and ML.NET log.</summary>
internal sealed class TrainingDisplay : IProgress<TrainingProgress>, IDisposable
{
    private const string ClassifierSource = "AttentionClassifier";
    private readonly ProgressLine _line;
    private EpochMetrics? _lastEpoch;

    /// <summary>Begins to show.</summary>
    /// <param name="console">Where.</param>
    /// <param name="context">Whose log is shown: warnings always, the classifier's lines unless silent.</param>
    /// <param name="words">The command's words for the library's options.</param>
    /// <param name="silent">Whether nothing but warnings is shown.</param>
    public TrainingDisplay(CliConsole console, MLContext context, OptionWords words, bool silent)
    {
        _line = new(console, silent, "reading");
        Warnings.Show(context, warning => _line.Say(words.In(warning)));
        if (silent) return;
        context.Log += (_, logged) =>
        {
            if (logged.Kind == ChannelMessageKind.Info && logged.Source.Contains(ClassifierSource, StringComparison.Ordinal)) _line.Say(words.In(logged.RawMessage));
        };
    }

    /// <summary>Where training stands; null before its first report.</summary>
    public TrainingProgress? Last { get; private set; }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        Last = value;
        _lastEpoch = value.CompletedEpoch ?? _lastEpoch;
        string[] validation = _lastEpoch?.ValidationAccuracy is { } accuracy ? [$"validation rows right {ReportText.Percent(accuracy)}"] : [];
        _line.Show(
        [
            ReportText.Invariant($"epoch {value.Epoch}/{value.Epochs}"),
            ReportText.Invariant($"loss {value.Loss:0.000}"),
            ReportText.Invariant($"{Math.Floor(100.0 * value.Step / value.Steps)}%"),
            $"at most {ReportText.Duration(value.Remaining.TotalSeconds)} to go",
            .. validation,
            ReportText.Invariant($"{value.TokensPerSecond:0} tokens/s"),
        ]);
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line) => _line.Say(line);

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
