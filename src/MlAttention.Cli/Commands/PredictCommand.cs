using MlAttention.Cli.Output;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention predict: classifies texts of the command line or of standard input, or the rows of CSV files, of any number.</summary>
internal sealed class PredictCommand : CliCommand
{
    private const string StandardInput = "-", DefaultUnsure = "?", EncodingName = "--encoding";
    private readonly Argument<string> _model = SavedModel.Argument();
    private readonly Argument<string[]> _texts = new("texts") { Description = "The texts to classify; without any, or with -, the lines of standard input. Of a model of pairs, first and second texts in turn; a line has a tab between them.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _data = new("--data") { Description = "CSV files, or patterns, whose rows are classified instead; they may be larger than memory.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _output = new("--out", "-o") { Description = "A CSV file to write, with the columns Text, PredictedLabel, Probability and Note, and what the other options add." };
    private readonly Option<int> _top = CommonOptions.Number("--top-k", "How many of the most probable labels to give.", 1);
    private readonly Option<bool> _probabilities = new("--probabilities") { Description = "Give the probability of every label." };
    private readonly Option<double?> _threshold = CommonOptions.Number<double>("--threshold", "Probability, from 0 to 1, below which the label is that of --unsure.");
    private readonly Option<string> _unsure = new("--unsure") { Description = "The label below the threshold.", DefaultValueFactory = _ => DefaultUnsure };
    private readonly Option<string[]> _keep = new("--keep") { Description = "Columns of the files to give with the predictions, such as an identifier.", AllowMultipleArgumentsPerToken = true };
    private readonly CsvInput _input = new();

    public PredictCommand(CliConsole console) : base(console, "predict", "Classify texts with a saved classifier: label, probability, text; separated by tabs.") =>
        Declare([_model, _texts, _data, _output, _top, _probabilities, _threshold, _unsure, .. Common, _keep, .. _input.Options(labelled: false)]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        OutputFile.RequireWritable(parsed.GetValue(_output), Force(parsed));
        var request = Request(parsed);
        RequireOneSource(parsed);
        var context = new MLContext(seed: 1);
        new OptionWords().ShowWarnings(context, Console.Error.WriteLine);
        var model = SavedModel.Load(context, parsed.GetValue(_model)!);
        if (SavedModel.AnyClassifierOf(model) is { Model.Architecture.Task: not TaskKind.SingleLabel } other) return RunTask(context, model, other, parsed, cancellation);
        var labels = ScoredTexts.LabelsOf(SavedModel.ClassifierOf(model));
        if (request.Top > labels.Count) throw new InputException($"{_top.Name} {request.Top}: the model has {labels.Count} labels.");
        var columns = PredictionWriter.CsvColumns(request, labels);
        var rows = Rows(context, parsed, SavedModel.PartsOf(model), cancellation);
        using var texts = ScoredTexts.Open(context, model, rows, labelled: false, [.. rows.Schema.TakeLast(request.Kept.Count).Select(column => column.Name)]);

        if (parsed.GetValue(_output) is { } path) OutputFile.Write(path, file => WriteAll(new PredictionWriter.Csv(file, columns)));
        else WriteAll(Json(parsed) ? new PredictionWriter.Json(Console.Output, request.Kept) : new PredictionWriter.Lines(Console.Output));
        Summarize(texts.Counts, parsed);
        return ExitCode.Success;

        void WriteAll(PredictionWriter writer)
        {
            using (writer)
                while (texts.Read())
                {
                    cancellation.ThrowIfCancellationRequested();
                    writer.Write(request.Of(texts));
                }
            if (texts.Counts.Texts == 0 && ReadsStandardInput(parsed) && parsed.GetValue(_texts) is []) throw new InputException("There is no text: none is given, and standard input is empty.");
        }
    }

    /// <summary>Predicts with a model of another task than one label.</summary>
    private int RunTask(MLContext context, ITransformer model, AttentionClassifierTransformer classifier, ParseResult parsed, CancellationToken cancellation)
    {
        var task = classifier.Model.Architecture.Task;
        if (((Option[])[_top, _probabilities, _threshold, _unsure, _keep]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new InputException($"{given.Name} is for models of one label; this one was trained with --task {ModelOptions.NameOf(task)}.");
        var settings = _input.Settings(parsed, SavedModel.SettingsOf(parsed.GetValue(_model)!), SavedModel.PartsOf(model));
        var rows = task == TaskKind.TokenLabels && ReadsFiles(parsed) ? TaskFiles.Open(context, parsed, _input, settings, parsed.GetValue(_data)!, task, labelled: false) : Rows(context, parsed, SavedModel.PartsOf(model), cancellation);
        if (task == TaskKind.TokenLabels && !ReadsFiles(parsed)) rows = TaskFiles.WordsOf(context, rows);
        var predictions = new TaskPredictions(classifier, TaskFiles.Score(context, model, rows, task));
        if (parsed.GetValue(_output) is not { } path)
        {
            foreach (var (_, line, json) in predictions.Rows())
            {
                cancellation.ThrowIfCancellationRequested();
                Console.Output.WriteLine(Json(parsed) ? JsonSerializer.Serialize(json) : line);
            }
            return ExitCode.Success;
        }
        long count = 0;
        OutputFile.Write(path, file =>
        {
            using var csv = new CsvTable(file);
            csv.Write(predictions.CsvColumns);
            foreach (var (fields, _, _) in predictions.Rows())
            {
                cancellation.ThrowIfCancellationRequested();
                csv.Write(fields);
                count++;
            }
        });
        if (!Silent(parsed)) Console.Error.WriteLine($"{count} rows are written to {path}.");
        return ExitCode.Success;
    }

    private PredictionRequest Request(ParseResult parsed)
    {
        int top = parsed.GetValue(_top);
        double? threshold = parsed.GetValue(_threshold);
        if (top < 1) throw new InputException($"{_top.Name} {top}: give at least 1.");
        if (threshold is < 0 or > 1) throw new InputException(FormattableString.Invariant($"{_threshold.Name} {threshold}: give a probability from 0 to 1."));
        if (threshold is null && parsed.GetResult(_unsure) is { Implicit: false }) throw new InputException($"{_unsure.Name} is the label below a {_threshold.Name}, and none is given.");
        return new(top, parsed.GetValue(_probabilities), threshold, parsed.GetValue(_unsure)!, parsed.GetValue(_keep) ?? []);
    }

    private bool ReadsFiles(ParseResult parsed) => parsed.GetValue(_data) is [_, ..];

    private bool ReadsStandardInput(ParseResult parsed) => !ReadsFiles(parsed) && parsed.GetValue(_texts) is [] or [StandardInput];

    private void RequireOneSource(ParseResult parsed)
    {
        bool hasTexts = parsed.GetValue(_texts) is [_, ..], hasFiles = ReadsFiles(parsed);
        if (hasTexts && hasFiles || !hasTexts && !hasFiles && !Console.InputIsRedirected)
            throw new InputException("Give either texts to classify, files with --data, or lines on standard input.");
        if (hasFiles) return;
        var ofFiles = Options.SkipWhile(option => option != _keep).Where(option => option.Name != EncodingName || !ReadsStandardInput(parsed));
        if (ofFiles.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } unread)
            throw new InputException($"{unread.Name} says how the files of --data are read, and none is given.");
    }

    private IDataView Rows(MLContext context, ParseResult parsed, IReadOnlyList<string>? parts, CancellationToken cancellation)
    {
        if (ReadsStandardInput(parsed)) return TextRows.OfLines(Console.OpenInput(), _input.Settings(parsed).Encoding, parts, cancellation);
        if (!ReadsFiles(parsed)) return TextRows.Of(parsed.GetValue(_texts)!, parts);
        var trained = SavedModel.SettingsOf(parsed.GetValue(_model)!);
        var settings = _input.Settings(parsed, trained, parts);
        settings.TellDifferences(trained, labelled: false, Console);
        return _input.Open(context, parsed, settings, parsed.GetValue(_data)!, labelled: false, parsed.GetValue(_keep));
    }

    private void Summarize(TextCounts counts, ParseResult parsed)
    {
        string? written = parsed.GetValue(_output);
        if (Json(parsed))
        {
            string summary = JsonSerializer.Serialize(new { written, texts = counts.Texts, cut = counts.Cut, empty = counts.Empty, withoutKnownWord = counts.Unknown, tokens = counts.Tokens, unknownTokens = counts.UnknownTokens });
            (written is null ? Console.Error : Console.Output).WriteLine(summary);
            return;
        }
        foreach (string warning in counts.Warnings()) Console.Error.WriteLine($"warning: {warning}");
        if (written is not null && !Quiet(parsed)) Console.Error.WriteLine($"{counts.Texts} rows are written to {written}.");
    }
}
