using MlAttention.Cli.Output;
using MlAttention.Core.Objectives;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention evaluate: how well a saved classifier tells the labels of CSV files.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Argument<string[]> _data = CsvInput.Files();
    private readonly Option<string?> _output = new("--out", "-o") { Description = "A file to write the report to, with every class and the whole confusion matrix: CSV or JSON, as its name ends in .csv or .json." };
    private readonly Option<string?> _errors = new("--errors") { Description = "A CSV file to write with the rows that are misread: text, label, prediction, probabilities." };
    private readonly CsvInput _input = new();

    public EvaluateCommand(CliConsole console) : base(console, "evaluate", "Measure a saved classifier on CSV files: precision, recall and F1 of each label, and what is taken for what.") =>
        Declare([_model, _data, _output, _errors, .. Common, .. _input.Options()]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        string? output = parsed.GetValue(_output), errors = parsed.GetValue(_errors);
        RequireOutputs(output, errors, Force(parsed));
        var context = new MLContext(seed: 1);
        new OptionWords().ShowWarnings(context, Console.Error.WriteLine);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        var trained = SavedModel.SettingsOf(parsed.GetValue(_model)!);
        if (SavedModel.GeneratorOf(model) is { } writes) return RunGenerator(context, writes.Generator, parsed, _input.Settings(parsed, trained), cancellation);
        var settings = _input.Settings(parsed, trained, SavedModel.PartsOf(model));
        settings.TellDifferences(trained, labelled: true, Console);
        if (SavedModel.AnyClassifierOf(model).Model.Architecture.Task is var task and not TaskKind.SingleLabel) return RunTask(context, model, parsed, settings with { Task = task }, task);
        var rows = _input.Open(context, parsed, settings, parsed.GetValue(_data)!);
        using var texts = ScoredTexts.Open(context, model, rows, labelled: true, ["Label"]);

        ClassificationReport report = null!;
        if (errors is null) report = Count(texts, misread: null, cancellation);
        else OutputFile.Write(errors, file =>
        {
            using var misread = new CsvTable(file);
            misread.Write(["Text", "Label", "PredictedLabel", "Probability", .. texts.Labels.Select(label => $"Probability.{label}")]);
            report = Count(texts, misread, cancellation);
        });
        if (output is not null) OutputFile.Write(output, file => ClassificationFile.Write(file, output, report, texts.Counts));
        Print(report, texts.Counts, parsed);
        return ExitCode.Success;
    }

    /// <summary>Measures a model of another task than one label.</summary>
    private int RunTask(MLContext context, ITransformer model, ParseResult parsed, CsvSettings settings, TaskKind task)
    {
        if ((parsed.GetValue(_output) ?? parsed.GetValue(_errors)) is not null)
            throw new InputException($"{(parsed.GetValue(_output) is null ? _errors.Name : _output.Name)} is for models of one label; this one was trained with --task {ModelOptions.NameOf(task)}. --json prints all figures.");
        var scored = model.Transform(TaskFiles.Open(context, parsed, _input, settings, parsed.GetValue(_data)!, task, labelled: true));
        if (task == TaskKind.Regression && scored.GetColumn<float>("Label").Count(float.IsNaN) is > 0 and var missing) Console.Error.WriteLine($"warning: {ReportText.Counted(missing, "row")} without a label, left out.");
        var report = TaskReport.Of(context, scored, task);
        Console.Output.WriteLine(Json(parsed) ? report.Json : report.Headline);
        if (!Silent(parsed) && report.Table is { } table) ReportPrinter.Print(table, Console);
        return ExitCode.Success;
    }

    /// <summary>Measures a model that writes texts: its perplexity.</summary>
    private int RunGenerator(MLContext context, TextGenerator generator, ParseResult parsed, CsvSettings settings, CancellationToken cancellation)
    {
        if (parsed.GetValue(_output) is not null || parsed.GetValue(_errors) is not null) throw new InputException($"{_output.Name} and {_errors.Name} are for classifiers; --json prints the figures of a model that writes texts.");
        var texts = _input.Open(context, parsed, settings, parsed.GetValue(_data)!, labelled: false).GetColumn<string>("Text");
        var report = GeneratorReport.Of(generator, texts, cancellation);
        Console.Output.WriteLine(Json(parsed) ? report.Json : report.Sentence);
        return ExitCode.Success;
    }

    private void RequireOutputs(string? output, string? errors, bool force)
    {
        ClassificationFile.RequireForm(output, _output.Name);
        OutputFile.RequireWritable(output, force, _output.Name);
        OutputFile.RequireWritable(errors, force, _errors.Name);
        if (output is not null && errors is not null && Path.GetFullPath(output) == Path.GetFullPath(errors)) throw new InputException($"{_output.Name} and {_errors.Name} name the same file.");
    }

    private static ClassificationReport Count(ScoredTexts texts, CsvTable? misread, CancellationToken cancellation)
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
            var probabilities = texts.Probabilities;
            int prediction = Softmax.IndexOfLargest(probabilities);
            report.Add(label, prediction, probabilities[label]);
            if (prediction != label) misread?.Write([texts.Text, texts.Labels[label], texts.Labels[prediction], probabilities[prediction], .. probabilities.ToArray().Cast<object>()]);
        }
        return report.Rows > 0 ? report : throw new InputException(report.UnknownRows == 0
            ? $"None of the {ReportText.Count(report.LeftOut)} rows has a label. Is --label the right column?"
            : $"None of the labels is one that the model knows: {ClassificationPrinter.Unknown(report)}. The model's are {ClassificationPrinter.Quoted(report.Labels)}. Is --label the right column?");
    }

    private void Print(ClassificationReport report, TextCounts texts, ParseResult parsed)
    {
        foreach (string warning in texts.Warnings()) Console.Error.WriteLine($"warning: {warning}");
        if (Json(parsed))
        {
            if (report.LeftOut > 0) Console.Error.WriteLine($"warning: {ClassificationPrinter.LeftOut(report)}");
            Console.Output.WriteLine(ClassificationFile.ToJson(report, texts));
            return;
        }
        Console.Output.WriteLine(ClassificationPrinter.Headline(report));
        if (!Quiet(parsed)) ClassificationPrinter.PrintTables(report, Console);
    }
}
