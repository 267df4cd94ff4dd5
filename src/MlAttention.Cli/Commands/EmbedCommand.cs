using MlAttention.Cli.Output;

namespace MlAttention.Cli.Commands;

/// <summary>mlattention embed: a vector for each text, of any number of them, from a pretrained encoder.</summary>
internal sealed class EmbedCommand : CliCommand
{
    private const string DefaultEncoder = "minilm", EncodingName = "--encoding";
    private static readonly string[] s_poolings = ["mean", "cls"];
    private readonly Argument<string[]> _data = new("data") { Description = "CSV files, or patterns, plain or compressed with gzip, of any size; - for a CSV file on standard input. Without any, each line of standard input is a text.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _encoder = PretrainedOptions.Encoder($"The encoder, by default {DefaultEncoder}");
    private readonly Option<string> _output = new("--out", "-o") { Description = "The file to write; its extension says how: .csv, .npy (NumPy) or .safetensors (the tensor embeddings).", Required = true };
    private readonly Option<string?> _pooling = new("--pooling") { Description = "How the tokens' vectors become one, mean or cls; by default what the encoder's folder says." };
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Scale vectors to length 1; by default what the encoder's folder says." };
    private readonly Option<bool> _noNormalize = new("--no-normalize") { Description = "Leave vectors as long as they are." };
    private readonly Option<int?> _maxLength = CommonOptions.Number<int>("--max-length", "Longest text in tokens, those around it included; longer ones are cut and counted; by default what the encoder's folder says.");
    private readonly Option<int> _threads = CommonOptions.Number("--threads", "Threads; 0 for one for each processor.", 0);
    private readonly Option<string[]> _keep = new("--keep") { Description = "Columns of the files to write before the vectors, such as an identifier; in a .csv only.", AllowMultipleArgumentsPerToken = true };
    private readonly CsvInput _input = new();

    public EmbedCommand(CliConsole console) : base(console, "embed", "Write a vector for each text, made by a pretrained encoder.") =>
        Declare([_data, _encoder, _output, _pooling, _normalize, _noNormalize, _maxLength, _threads, .. Common, _keep, .. _input.Options(labelled: false)]);

    protected override int Run(ParseResult parsed, CancellationToken cancellation)
    {
        Announce(parsed);
        string path = parsed.GetValue(_output)!;
        string[] kept = parsed.GetValue(_keep) ?? [];
        var begin = VectorFile.Of(path, kept);
        OutputFile.RequireWritable(path, Force(parsed));
        RequireSource(parsed);
        int threads = parsed.GetValue(_threads);
        if (threads < 0 || threads > ComputeOptions.MaxThreads) throw new InputException($"{_threads.Name} {threads}: must be from 0 to {ComputeOptions.MaxThreads}.");
        var wanted = Wanted(parsed);
        var encoder = PretrainedOptions.Load(parsed.GetValue(_encoder) ?? DefaultEncoder);
        PretrainedOptions.RequireLength(encoder, wanted.MaxLength);
        var embedder = new TextEmbedder(encoder, wanted);
        var context = new MLContext(seed: 1);
        new OptionWords(this).ShowWarnings(context, Console.Error.WriteLine);
        var rows = Rows(context, parsed, cancellation);
        using var texts = new TextWindow(rows, [.. rows.Schema.TakeLast(kept.Distinct().Count()).Select(column => column.Name)]);
        using var progress = new ProgressLine(Console, Silent(parsed), "reading");
        OutputFile.Write(path, file =>
        {
            using var vectors = begin(file, embedder.Dimension);
            new TextEmbedding(embedder, threads == 0 ? Environment.ProcessorCount : threads).Write(texts, vectors, progress, cancellation);
            if (texts.Texts == 0 && parsed.GetValue(_data) is []) throw new InputException("There is no text: no file is given, and standard input is empty.");
        });
        progress.Dispose();
        Summarize(parsed, path, texts, embedder);
        return ExitCode.Success;
    }

    private void RequireSource(ParseResult parsed)
    {
        if (parsed.GetValue(_data) is [_, ..]) return;
        if (!Console.InputIsRedirected) throw new InputException("Give CSV files whose texts are embedded, or lines on standard input.");
        var ofFiles = Options.SkipWhile(option => option != _keep).Where(option => option.Name != EncodingName);
        if (ofFiles.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } unread)
            throw new InputException($"{unread.Name} says how CSV files are read, and none is given; - stands for one on standard input.");
    }

    private TextEmbedderOptions Wanted(ParseResult parsed)
    {
        bool normalize = parsed.GetValue(_normalize), asTheyAre = parsed.GetValue(_noNormalize);
        if (normalize && asTheyAre) throw new InputException($"Give either {_normalize.Name} or {_noNormalize.Name}.");
        return new()
        {
            Normalize = normalize ? true : asTheyAre ? false : null,
            MaxLength = parsed.GetValue(_maxLength),
            Pooling = parsed.GetValue(_pooling)?.Trim().ToLowerInvariant() switch
            {
                null => null,
                "mean" => PoolingKind.Mean,
                "cls" => PoolingKind.First,
                var other => throw new InputException($"{_pooling.Name} {other}: there is no such value. There are: {string.Join(", ", s_poolings)}."),
            },
        };
    }

    private IDataView Rows(MLContext context, ParseResult parsed, CancellationToken cancellation)
    {
        var settings = _input.Settings(parsed);
        return parsed.GetValue(_data) is [_, ..] files ? _input.Open(context, parsed, settings, files, labelled: false, parsed.GetValue(_keep))
            : TextRows.OfLines(Console.OpenInput(), settings.Encoding, parts: null, cancellation);
    }

    private void Summarize(ParseResult parsed, string path, TextWindow texts, TextEmbedder embedder)
    {
        string pooling = embedder.Pooling == PoolingKind.First ? s_poolings[1] : embedder.Pooling.ToString().ToLowerInvariant();
        if (Json(parsed))
        {
            Console.Output.WriteLine(JsonSerializer.Serialize(new { written = path, texts = texts.Texts, dimension = embedder.Dimension, encoder = embedder.Name, pooling, normalized = embedder.Normalizes, maxLength = embedder.MaxLength, cut = embedder.TruncatedTexts, empty = texts.Empty }));
            return;
        }
        if (embedder.TruncatedTexts > 0) Warn(embedder.TruncatedTexts, $"longer than the {ReportText.Counted(embedder.MaxLength, "token")} that are read, and cut. {_maxLength.Name} reads more where the encoder can.");
        if (texts.Empty > 0) Warn(texts.Empty, "empty: the vector of no words says nothing.");
        if (!Quiet(parsed)) Console.Output.WriteLine($"{path}: {ReportText.Counted(texts.Texts, "vector")} of {embedder.Dimension} numbers from {embedder.Name}, pooling {pooling}, {(embedder.Normalizes ? "of length 1" : "not normalized")}");

        void Warn(long count, string what) => Console.Error.WriteLine($"warning: {ReportText.Count(count)} of {ReportText.Counted(texts.Texts, "text")} {(count == 1 ? "is" : "are")} {what}");
    }
}
