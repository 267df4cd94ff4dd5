namespace MlAttention.Cli.Commands;

/// <summary>mlattention export: a saved classifier as one file that scores without ML.NET.</summary>
internal static class ExportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var model = SavedModel.Argument();
        var output = new Option<string>("--out", "-o") { Description = "The safetensors file to write.", DefaultValueFactory = _ => "model.safetensors" };
        Option<bool> force = CommonOptions.Force(), quiet = CommonOptions.Quiet(), json = CommonOptions.Json();
        var command = new Command("export", "Write a saved classifier as one file that TextClassifier.Load opens without ML.NET.") { model, output, force, quiet, json };
        command.SetAction(parsed =>
        {
            CommonOptions.Announce(console, parsed.GetValue(quiet) || parsed.GetValue(json));
            string path = parsed.GetValue(output)!;
            OutputFile.RequireWritable(path, parsed.GetValue(force));
            var context = new MLContext(seed: 1);
            var transformer = SavedModel.Load(context, parsed.GetValue(model)!);
            OutputFile.Write(path, file => context.Model.SaveTextClassifier(transformer, file));
            console.Output.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { textClassifier = path }) : $"Written: {path}");
            return ExitCode.Success;
        });
        return command;
    }
}
