using MlAttention.Cli.Output;
using MlAttention.Core.Engines;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention evaluate: how well a saved classifier tells the labels of CSV files.</summary>
internal sealed class EvaluateCommand
{
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Argument<string[]> _data = CsvInput.Files();
    private readonly Option<string?> _output = new("--out", "-o") { Description = "A file to write the report to, with every class and the whole confusion matrix: CSV or JSON, as its name ends in .csv or .json." };
    private readonly Option<string?> _errors = new("--errors") { Description = "A CSV file to write with the rows that are misread: text, label, prediction, probabilities." };
    private readonly Option<bool> _force = CommonOptions.Force(), _quiet = CommonOptions.Quiet(), _json = CommonOptions.Json();
    private readonly CsvInput _input = new();

    /// <summary>Builds the command.</summary>
    public static Command Create(CliConsole console)
    {
        var parts = new EvaluateCommand();
        var command = new Command("evaluate", "Measure a saved classifier on CSV files: precision, recall and F1 of each label, and what is taken for what.")
        {
            parts._model, parts._data, parts._output, parts._errors, parts._force, parts._quiet, parts._json,
        };
        parts._input.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(parts.Run(console, parsed, cancellation)));
        return command;
    }

    private int Run(CliConsole console, ParseResult parsed, CancellationToken cancellation)
    {
        CommonOptions.Announce(console, parsed.GetValue(_quiet) || parsed.GetValue(_json));
        string? output = parsed.GetValue(_output), errors = parsed.GetValue(_errors);
        RequireOutputs(output, errors, parsed.GetValue(_force));
        var context = new MLContext(seed: 1);
        new OptionWords().ShowWarnings(context, console.Error.WriteLine);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        var trained = SavedModel.SettingsOf(parsed.GetValue(_model)!);
        var settings = _input.Settings(parsed, trained);
        settings.TellDifferences(trained, labelled: true, console);
        var rows = _input.Open(context, parsed, settings, parsed.GetValue(_data)!);
        using var texts = ScoredTexts.Open(context, model, rows, labelled: true, ["Label"]);

        ClassificationReport report = null!;
        if (errors is null) report = Count(texts, misread: null, cancellation);
        else OutputFile.Write(errors, file =>
        {
            using var misread = new MisreadRows(file, texts.Labels);
            report = Count(texts, misread, cancellation);
        });
        if (output is not null) OutputFile.Write(output, file => ClassificationFile.Write(file, output, report, texts.Counts));
        Print(report, texts.Counts, console, parsed);
        return ExitCode.Success;
    }

    private void RequireOutputs(string? output, string? errors, bool force)
    {
        ClassificationFile.RequireForm(output, _output.Name);
        OutputFile.RequireWritable(output, force, _output.Name);
        OutputFile.RequireWritable(errors, force, _errors.Name);
        if (output is not null && errors is not null && Path.GetFullPath(output) == Path.GetFullPath(errors)) throw new InputException($"{_output.Name} and {_errors.Name} name the same file.");
    }

    private static ClassificationReport Count(ScoredTexts texts, MisreadRows? misread, CancellationToken cancellation)
    {
        var report = new ClassificationReport(texts.Labels);
        while (texts.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            int label = texts.LabelKey - 1;
            if (label < 0)
            {
                report.AddLeftOut(texts.Field(0));
                continue;
            }
            int prediction = Softmax.IndexOfLargest(texts.Probabilities);
            report.Add(label, prediction, texts.Probabilities[label]);
            if (prediction != label) misread?.Write(texts, label, prediction);
        }
        return report.Rows > 0 ? report : throw new InputException(report.UnknownRows == 0
            ? $"None of the {ReportText.Count(report.LeftOut)} rows has a label. Is --label the right column?"
            : $"None of the labels is one that the model knows: {ClassificationPrinter.Unknown(report)}. The model's are {ClassificationPrinter.Quoted(report.Labels)}. Is --label the right column?");
    }

    private void Print(ClassificationReport report, TextCounts texts, CliConsole console, ParseResult parsed)
    {
        foreach (string warning in texts.Warnings()) console.Error.WriteLine($"warning: {warning}");
        if (parsed.GetValue(_json))
        {
            if (report.LeftOut > 0) console.Error.WriteLine($"warning: {ClassificationPrinter.LeftOut(report)}");
            console.Output.WriteLine(ClassificationFile.ToJson(report, texts));
            return;
        }
        console.Output.WriteLine(ClassificationPrinter.Headline(report));
        if (!parsed.GetValue(_quiet)) ClassificationPrinter.PrintTables(report, console);
    }
}
