using System.CommandLine;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Cli.Output;
using MlAttention.Engines;
using MlAttention.Pipeline;
using MlAttention.Positions;
using MlAttention.Reporting;
using MlAttention.Training;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention train: a classifier for one's own texts, through an ordinary ML.NET pipeline.</summary>
internal sealed class TrainCommand
{
    private static readonly TrainingOptions Defaults = new();
    private readonly Argument<string[]> _data = CsvInput.Files();
    private readonly CsvInput _input = new();
    private readonly Option<string> _output = new("--out", "-o") { Description = "The model file to write, an ML.NET zip.", DefaultValueFactory = _ => "model.zip" };
    private readonly Option<string> _positions = new("--positions") { Description = "none, sinusoidal, learned, shawRelative, relativeBias, rotary or alibi.", DefaultValueFactory = _ => "sinusoidal" };
    private readonly Option<int> _epochs = CommonOptions.Number("--epochs", "Most epochs.", Defaults.Epochs);
    private readonly Option<double> _rate = CommonOptions.Number("--learning-rate", "Peak learning rate.", Defaults.LearningRate);
    private readonly Option<string> _engine = new("--engine") { Description = "auto, torchSharp or managed.", DefaultValueFactory = _ => "auto" };
    private readonly Option<int> _threads = CommonOptions.Number("--threads", "Threads of the engine; 0 for its own choice.", Defaults.Threads);
    private readonly Option<string?> _checkpoints = new("--checkpoints") { Description = "Folder in which the state is saved every minute and when interrupted; the same command then goes on from it." };
    private readonly Option<string?> _log = new("--log") { Description = "File to which every event of training is appended as a line of JSON." };
    private readonly Option<int> _seed = CommonOptions.Seed();
    private readonly Option<bool> _force = CommonOptions.Force(), _quiet = CommonOptions.Quiet(), _json = CommonOptions.Json();

    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var parts = new TrainCommand();
        var command = new Command("train", "Train a classifier on CSV files and save it.")
        {
            parts._data, parts._output, parts._positions, parts._epochs, parts._rate, parts._engine, parts._threads,
            parts._checkpoints, parts._log, parts._seed, parts._force, parts._quiet, parts._json,
        };
        parts._input.AddTo(command, grouped: true);
        command.SetAction((parsed, cancellation) => Task.FromResult(parts.Run(console, parsed, cancellation)));
        return command;
    }

    private int Run(CliConsole console, ParseResult parsed, CancellationToken cancellation)
    {
        bool silent = parsed.GetValue(_quiet) || parsed.GetValue(_json);
        CommonOptions.Announce(console, silent);
        string path = parsed.GetValue(_output)!;
        CommonOptions.RequireFree(path, parsed.GetValue(_force));
        var options = Options(parsed, cancellation);
        options.Validate();
        var context = new MLContext(parsed.GetValue(_seed));
        var display = TrainingDisplay.Create(console, context, silent);
        var settings = _input.Settings(parsed);
        var data = _input.OpenGrouped(context, parsed, settings, parsed.GetValue(_data)!, out string? group);
        RequireTwoLabels(data);
        var pipeline = SavedModel.Pipeline(context, options with { SamplingKeyColumnName = group, Training = options.Training with { Progress = display } });
        var model = display.During(() => pipeline.Fit(data));
        SavedModel.Save(context, model, data.Schema, settings, path);

        var trained = SavedModel.ClassifierOf(model).Model.Training!;
        var history = trained.History;
        var best = history.LastOrDefault(epoch => epoch.IsBest) ?? history[^1];
        if (parsed.GetValue(_json)) console.Output.WriteLine(JsonSerializer.Serialize(new { model = path, epochs = history.Count, bestEpoch = best.Epoch, validationRows = trained.ValidationRows, validationAccuracy = best.ValidationAccuracy }));
        else console.Output.WriteLine($"{path}: {(best.ValidationAccuracy is { } accuracy ? $"{ReportText.Percent(accuracy)} of {ReportText.Count(trained.ValidationRows)} held-out rows right after epoch {best.Epoch}" : $"trained for {best.Epoch} epochs; too few rows to hold some out")}");
        return ExitCode.Success;
    }

    private AttentionClassifierOptions Options(ParseResult parsed, CancellationToken cancellation) => new()
    {
        Positions = AblationOptions.Choice<PositionScheme>(parsed.GetValue(_positions)!, _positions.Name),
        Training = new()
        {
            Engine = AblationOptions.Choice<EngineKind>(parsed.GetValue(_engine)!, _engine.Name),
            Threads = parsed.GetValue(_threads),
            Epochs = parsed.GetValue(_epochs),
            LearningRate = parsed.GetValue(_rate),
            Seed = parsed.GetValue(_seed),
            Checkpoints = parsed.GetValue(_checkpoints) is { } folder ? new() { Directory = folder } : null,
            ResumeFrom = parsed.GetValue(_checkpoints),
            LogPath = parsed.GetValue(_log),
            CancellationToken = cancellation,
        },
    };

    /// <summary>Fails, before anything is trained, unless there are two labels to tell apart.</summary>
    private static void RequireTwoLabels(IDataView data)
    {
        var labels = data.GetColumn<string>("Label").Where(label => label.Length > 0).Distinct().Take(2).ToArray();
        if (labels.Length < 2) throw new InputException($"The data has {(labels.Length == 0 ? "no label" : $"only the label '{labels[0]}'")}; a classifier needs at least 2.");
    }
}
