namespace MlAttention.Cli.Commands;

/// <summary>mlattention export: a saved classifier as one file that scores without ML.NET.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Option<string?> _output = new("--out", "-o") { Description = "The file to write; by default model.safetensors, and with --onnx model.onnx." };
    private readonly Option<bool> _onnx = new("--onnx") { Description = "Write ONNX, which ONNX Runtime opens in any language, instead of safetensors." };
    private readonly Option<string?> _precision = ModelOptions.One("--precision", "How exactly an ONNX file holds the weights", OnnxPrecision.Float32);

    public ExportCommand(CliConsole console) : base(console, "export", "Write a saved model as one file that TextClassifier.Load or TextGenerator.Load opens without ML.NET, or a classifier as ONNX.") =>
        Declare([_model, _output, _onnx, _precision, .. Common]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        bool onnx = parsed.GetValue(_onnx);
        string? precision = parsed.GetValue(_precision);
        if (!onnx && precision is not null) throw new InputException($"{_precision.Name} says how ONNX is written; give {_onnx.Name} too.");
        string path = parsed.GetValue(_output) ?? (onnx ? "model.onnx" : "model.safetensors");
        var options = new OnnxOptions { Precision = precision is null ? OnnxPrecision.Float32 : ModelOptions.Choice<OnnxPrecision>(precision, _precision.Name) };
        OutputFile.RequireWritable(path, Force(parsed));
        var context = new MLContext(seed: 1);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        var generator = SavedModel.GeneratorOf(model)?.Generator;
        if (onnx && generator is not null) throw new InputException($"{_onnx.Name} is for classifiers; a model that writes texts is written without it, and TextGenerator.Load opens it.");
        OutputFile.Write(path, file =>
        {
            if (generator is not null) generator.Save(file);
            else if (onnx) context.Model.SaveOnnx(model, file, options);
            else context.Model.SaveTextClassifier(model, file);
        });
        if (!Json(parsed)) Console.Output.WriteLine($"Written: {path}");
        else if (generator is not null) Console.Output.WriteLine(JsonSerializer.Serialize(new { textGenerator = path }));
        else Console.Output.WriteLine(onnx ? JsonSerializer.Serialize(new { onnx = path }) : JsonSerializer.Serialize(new { textClassifier = path }));
        return ExitCode.Success;
    }
}
