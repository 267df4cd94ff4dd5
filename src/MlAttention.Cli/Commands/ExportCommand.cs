namespace MlAttention.Cli.Commands;

/// <summary>mlattention export: a saved classifier as one file that scores without ML.NET.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Option<string> _output = new("--out", "-o") { Description = "The safetensors file to write.", DefaultValueFactory = _ => "model.safetensors" };

    public ExportCommand(CliConsole console) : base(console, "export", "Write a saved classifier as one file that TextClassifier.Load opens without ML.NET.") =>
        Declare([_model, _output, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        string path = parsed.GetValue(_output)!;
        OutputFile.RequireWritable(path, Force(parsed));
        var context = new MLContext(seed: 1);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        OutputFile.Write(path, file => context.Model.SaveTextClassifier(model, file));
        Console.Output.WriteLine(Json(parsed) ? JsonSerializer.Serialize(new { textClassifier = path }) : $"Written: {path}");
        return ExitCode.Success;
    }
}
