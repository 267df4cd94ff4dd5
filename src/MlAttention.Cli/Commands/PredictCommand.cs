using System.CommandLine;
using Microsoft.ML;
using MlAttention.Cli.Output;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention predict: classifies texts of the command line, or the rows of CSV files of any size.</summary>
internal static class PredictCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var model = SavedModel.Argument();
        var texts = new Argument<string[]>("texts") { Description = "The texts to classify.", Arity = ArgumentArity.ZeroOrMore };
        var data = new Option<string[]>("--data") { Description = "CSV files, or patterns, whose rows are classified instead; they may be larger than memory.", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string?>("--out", "-o") { Description = "A CSV file to write, with the columns Text, PredictedLabel and Probability." };
        var input = new CsvInput();
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("predict", "Classify texts with a saved classifier: label, probability, text; separated by tabs.") { model, texts, data, output, force, quiet, json };
        input.AddTo(command, labelled: false);
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            CommonOptions.RequireWritable(parsed.GetValue(output), parsed.GetValue(force));
            string[] inputs = parsed.GetValue(texts)!, files = parsed.GetValue(data) ?? [];
            if (inputs.Length > 0 == files.Length > 0) throw new InputException("Give either texts to classify, or files with --data.");
            var context = new MLContext(seed: 1);
            Warnings.Show(context, console);
            var transformer = SavedModel.Load(context, parsed.GetValue(model)!);
            var settings = input.Settings(parsed, SavedModel.SettingsOf(parsed.GetValue(model)!));
            var rows = files.Length > 0 ? input.Open(context, parsed, settings, files, labelled: false) : SavedModel.Rows(context, inputs);
            using var writer = parsed.GetValue(output) is { } path ? PredictionWriter.ToCsv(path)
                : parsed.GetValue(json) ? PredictionWriter.ToJson(console.Output)
                : PredictionWriter.ToLines(console.Output);
            long count = writer.WriteAll(SavedModel.Score(context, transformer, rows), cancellation);
            if (parsed.GetValue(output) is { } written && !parsed.GetValue(quiet)) console.Error.WriteLine($"{count} rows are written to {written}.");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
