using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline;
using MlAttention.Positions;
using MlAttention.Reporting;
using MlAttention.Training;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention train, evaluate and predict: a classifier for one's own texts, through ordinary ML.NET pipelines.</summary>
internal static class ModelCommands
{
    private const string PredictedText = "PredictedText";

    /// <summary>Builds train.</summary>
    public static Command Train(CliConsole console)
    {
        var data = new Argument<string>("data") { Description = "CSV file with a text and a label column." };
        var output = new Option<string>("--out", "-o") { Description = "The model file to write, an ML.NET zip.", DefaultValueFactory = _ => "model.zip" };
        var positions = new Option<string>("--positions") { Description = "none, sinusoidal, learned, shawRelative, relativeBias, rotary or alibi.", DefaultValueFactory = _ => "sinusoidal" };
        var epochs = new Option<int>("--epochs") { Description = "Most epochs.", DefaultValueFactory = _ => TrainingOptions.DefaultEpochs };
        var rate = new Option<double>("--learning-rate") { Description = "Peak learning rate.", DefaultValueFactory = _ => 2e-3 };
        var columns = new ColumnOptions();
        var seed = CommonOptions.Seed();
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("train", "Train a classifier on a CSV file and save it.") { data, output, positions, epochs, rate, seed, force, quiet, json };
        columns.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            bool silent = parsed.GetValue(quiet) || parsed.GetValue(json);
            CommonOptions.Announce(console, silent);
            string path = parsed.GetValue(output)!;
            CommonOptions.RequireFree(path, parsed.GetValue(force));
            var context = new MLContext(parsed.GetValue(seed));
            var names = columns.Of(parsed);
            var texts = TextFile.Read(context, parsed.GetValue(data)!, names.Text, names.Label, names.Group);
            texts.RequireTwoLabels();
            var options = new AttentionClassifierOptions
            {
                Positions = AblationOptions.Choice<PositionScheme>(parsed.GetValue(positions)!, positions.Name),
                SamplingKeyColumnName = texts.GroupColumnName,
                Training = new()
                {
                    Epochs = parsed.GetValue(epochs),
                    LearningRate = parsed.GetValue(rate),
                    Seed = parsed.GetValue(seed),
                    CancellationToken = cancellation,
                    Progress = silent ? null : new EpochLines(console),
                },
            };
            var attention = context.Attention();
            var pipeline = context.Transforms.Conversion.MapValueToKey("Label")
                .Append(attention.TokenizeSequence("Tokens", "Text"))
                .Append(attention.Classifier(options))
                .Append(context.Transforms.Conversion.MapKeyToValue(PredictedText, "PredictedLabel"));
            var model = pipeline.Fit(texts.All);
            context.Model.Save(model, texts.All.Schema, path);
            var history = ClassifierOf(model).Model.History;
            var best = history.Last(epoch => epoch.IsBest);
            if (parsed.GetValue(json)) console.Output.WriteLine(JsonSerializer.Serialize(new { model = path, epochs = history.Count, bestEpoch = best.Epoch, validationAccuracy = best.ValidationAccuracy }));
            else console.Output.WriteLine($"{path}: {ReportText.Percent(best.ValidationAccuracy)} of the held-out rows right after epoch {best.Epoch}");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    /// <summary>Builds evaluate.</summary>
    public static Command Evaluate(CliConsole console)
    {
        var model = ModelArgument();
        var data = new Argument<string>("data") { Description = "CSV file with a text and a label column." };
        var columns = new ColumnOptions();
        Option<bool> quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a saved classifier on a CSV file.") { model, data, quiet, json };
        columns.AddTo(command);
        command.SetAction(parsed =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            var context = new MLContext(seed: 1);
            var names = columns.Of(parsed);
            var transformer = Load(context, parsed.GetValue(model)!);
            var texts = TextFile.Read(context, parsed.GetValue(data)!, names.Text, names.Label, names.Group);
            var metrics = context.MulticlassClassification.Evaluate(transformer.Transform(texts.All));
            if (parsed.GetValue(json)) console.Output.WriteLine(JsonSerializer.Serialize(new { microAccuracy = metrics.MicroAccuracy, macroAccuracy = metrics.MacroAccuracy, logLoss = metrics.LogLoss }));
            else
            {
                console.Output.WriteLine($"accuracy {ReportText.Percent(metrics.MicroAccuracy)}, mean over the classes {ReportText.Percent(metrics.MacroAccuracy)}, log-loss {ReportText.Number(Math.Round(metrics.LogLoss, 4))} nats");
                if (!parsed.GetValue(quiet)) console.Output.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
            }
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Builds predict.</summary>
    public static Command Predict(CliConsole console)
    {
        var model = ModelArgument();
        var texts = new Argument<string[]>("texts") { Description = "The texts to classify.", Arity = ArgumentArity.OneOrMore };
        Option<bool> quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("predict", "Classify texts with a saved classifier: label, probability, text; separated by tabs.") { model, texts, quiet, json };
        command.SetAction(parsed =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            var context = new MLContext(seed: 1);
            var transformer = Load(context, parsed.GetValue(model)!);
            string[] inputs = parsed.GetValue(texts)!;
            var scored = transformer.Transform(TextFile.Unlabelled(context, inputs));
            string[] labels = [.. scored.GetColumn<string>(PredictedText)];
            float[][] scores = [.. scored.GetColumn<float[]>("Score")];
            for (int i = 0; i < inputs.Length; i++)
                console.Output.WriteLine(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(new { text = inputs[i], label = labels[i], probability = scores[i].Max() })
                    : string.Create(CultureInfo.InvariantCulture, $"{labels[i]}\t{scores[i].Max():0.0000}\t{inputs[i]}"));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The model argument of evaluate, predict and inspect.</summary>
    internal static Argument<string> ModelArgument() => new("model") { Description = "A model file that train wrote." };

    /// <summary>Loads a model.</summary>
    internal static ITransformer Load(MLContext context, string path)
    {
        CommonOptions.RequireExists(path);
        return context.Model.LoadAttention(path, out _);
    }

    /// <summary>The classifier in a pipeline's model.</summary>
    /// <exception cref="InputException">There is none.</exception>
    internal static AttentionClassifierTransformer ClassifierOf(ITransformer model) =>
        (model as IEnumerable<ITransformer>)?.OfType<AttentionClassifierTransformer>().FirstOrDefault() ?? throw new InputException("The model holds no attention classifier.");

    private sealed class EpochLines(CliConsole console) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch is { } epoch)
                console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch} of {value.Epochs}: loss {epoch.TrainingLoss:0.000}, held-out rows right {ReportText.Percent(epoch.ValidationAccuracy)}, about {ReportText.Duration(value.Remaining.TotalSeconds)} to go"));
        }
    }
}
