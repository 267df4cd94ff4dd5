using System.CommandLine;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Cli.Output;
using MlAttention.Reporting;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention evaluate: the metrics of ML.NET's Evaluate for a saved classifier.</summary>
internal static class EvaluateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var model = SavedModel.Argument();
        var data = CsvInput.Files();
        var input = new CsvInput();
        Option<bool> quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("evaluate", "Measure a saved classifier on CSV files.") { model, data, quiet, json };
        input.AddTo(command);
        command.SetAction(parsed =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            var context = new MLContext(seed: 1);
            Warnings.Show(context, console);
            var transformer = SavedModel.Load(context, parsed.GetValue(model)!);
            var settings = input.Settings(parsed, SavedModel.SettingsOf(parsed.GetValue(model)!));
            var scored = transformer.Transform(input.Open(context, parsed, settings, parsed.GetValue(data)!));
            int unknown = CountUnknownLabels(scored, out int rows);
            if (unknown == rows) throw new InputException($"None of the {rows} labels is one that the model knows. Is --label the right column?");
            if (unknown > 0) console.Error.WriteLine($"{unknown} of {rows} rows have no label, or one that the model does not know, and are left out.");
            Print(context.MulticlassClassification.Evaluate(scored), rows - unknown, console, parsed.GetValue(json), parsed.GetValue(quiet));
            return ExitCode.Success;
        });
        return command;
    }

    private static int CountUnknownLabels(IDataView scored, out int rows)
    {
        rows = 0;
        int unknown = 0;
        foreach (uint label in scored.GetColumn<uint>("Label"))
        {
            rows++;
            if (label == 0) unknown++;
        }
        return unknown;
    }

    private static void Print(MulticlassClassificationMetrics metrics, int rows, CliConsole console, bool json, bool quiet)
    {
        if (json)
        {
            console.Output.WriteLine(JsonSerializer.Serialize(new { rows, microAccuracy = metrics.MicroAccuracy, macroAccuracy = metrics.MacroAccuracy, logLoss = metrics.LogLoss }));
            return;
        }
        console.Output.WriteLine($"{ReportText.Count(rows)} rows: accuracy {ReportText.Percent(metrics.MicroAccuracy)}, mean over the classes {ReportText.Percent(metrics.MacroAccuracy)}, log-loss {ReportText.Number(Math.Round(metrics.LogLoss, 4))} nats");
        if (!quiet) console.Output.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }
}
