using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Reporting;
using MlAttention.Training;
using Spectre.Console;

namespace MlAttention.Cli.Output;

/// <summary>Shows how far training is: a live bar on a terminal, the classifier's log lines elsewhere.</summary>
internal abstract class TrainingDisplay : IProgress<TrainingProgress>
{
    private const string ClassifierSource = "AttentionClassifier";

    /// <summary>The display for a console.</summary>
    /// <param name="console">Where it is shown.</param>
    /// <param name="context">Whose log is shown: warnings always, the classifier's lines unless silent.</param>
    /// <param name="silent">Whether nothing but warnings is shown.</param>
    public static TrainingDisplay Create(CliConsole console, MLContext context, bool silent)
    {
        Warnings.Show(context, console);
        if (silent) return new Silent();
        if (console.ErrorIsTerminal) return new LiveBar(console.Progress);
        context.Log += (_, logged) =>
        {
            if (logged.Kind == ChannelMessageKind.Info && logged.Source.Contains(ClassifierSource, StringComparison.Ordinal)) console.Error.WriteLine(logged.RawMessage);
        };
        return new Silent();
    }

    /// <inheritdoc/>
    public abstract void Report(TrainingProgress value);

    /// <summary>Does the work while the display is on.</summary>
    public abstract T During<T>(Func<T> work);

    private sealed class Silent : TrainingDisplay
    {
        public override void Report(TrainingProgress value) { }

        public override T During<T>(Func<T> work) => work();
    }

    private sealed class LiveBar(IAnsiConsole console) : TrainingDisplay
    {
        private ProgressTask? _bar;
        private EpochMetrics? _lastEpoch;

        public override void Report(TrainingProgress value)
        {
            if (_bar is not { } bar) return;
            _lastEpoch = value.CompletedEpoch ?? _lastEpoch;
            bar.MaxValue = value.Steps;
            bar.Value = value.Step;
            string heldOut = _lastEpoch?.ValidationAccuracy is { } accuracy ? $", held-out rows right {ReportText.Percent(accuracy)}" : "";
            bar.Description = Markup.Escape(ReportText.Invariant($"epoch {value.Epoch}/{value.Epochs}, loss {value.Loss:0.000}{heldOut}, {value.TokensPerSecond:#,0} tokens/s, at most {ReportText.Duration(value.Remaining.TotalSeconds)} to go"));
        }

        public override T During<T>(Func<T> work) => console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                _bar = context.AddTask("reading");
                var result = work();
                _bar.StopTask();
                return result;
            });
    }
}
