using System.Text;
using System.Text.Json.Serialization;

namespace MlAttention.Cli.Input;

/// <summary>How CSV files are read, in the words of the command line. A model file keeps those it was trained with; the other commands read that way unless told otherwise.</summary>
internal sealed record CsvSettings
{
    private const string KeptPrefix = "Column ", PartPrefix = "Text ";

    /// <summary>What stands between the texts of a row where they are shown as one.</summary>
    public const string BetweenParts = " | ";

    /// <summary>What the pipelines of the commands call their own columns; a further column of that name gets another one.</summary>
    private static readonly string[] s_takenNames = ["Text", "Label", "Tokens", "PredictedLabel", "PredictedText", "Score", "AblationTokens", "AblationLabel"];

    /// <summary>--text: columns by name or, without a header, by index.</summary>
    public IReadOnlyList<string> Text { get; init; } = ["Text"];

    /// <summary>--pairs: whether the texts of several columns are the parts of one sequence, and not joined.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Pairs { get; init; }

    /// <summary>What the columns of the parts are called in the data view, where a model that was trained asks for names; null for names that follow from the files'.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? ModelInputs { get; init; }

    /// <summary>--label: a column as above.</summary>
    public string Label { get; init; } = "Label";

    /// <summary>--delimiter</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>--quote: a character, or "none".</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>--encoding</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>--no-header</summary>
    public bool NoHeader { get; init; }

    /// <summary>--trim</summary>
    public bool Trim { get; init; }

    /// <summary>The data view's columns of the parts of a text; null where a row's text is one.</summary>
    public IReadOnlyList<string>? Parts => !Pairs ? null : ModelInputs ?? [.. Text.Select(column => NoHeader || s_takenNames.Contains(column) ? PartPrefix + column : column)];
    /// <summary>What separates labels in a cell unless --label-separator says so.</summary>
    public const string DefaultLabelSeparator = "|";

    /// <summary>--task, where it is not one label: what is in the column of the labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TaskKind? Task { get; init; }

    /// <summary>--label-separator</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LabelSeparator { get; init; }

    /// <summary>--label-columns: a column for each label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LabelColumns { get; init; }

    /// <summary>What a further column of the files is called in the data view.</summary>
    public string KeptName(string column) => NoHeader || s_takenNames.Contains(column) || Parts?.Contains(column) == true ? KeptPrefix + column : column;

    /// <summary>The column of the files that the data view has under a <see cref="KeptName"/>.</summary>
    public static string KeptColumn(string name) =>
        name.StartsWith(KeptPrefix, StringComparison.Ordinal) && name[KeptPrefix.Length..] is var column && (s_takenNames.Contains(column) || column.All(char.IsAsciiDigit)) ? column : name;

    /// <summary>The same as options of the library, whose messages then speak of the command line's.</summary>
    /// <param name="labelled">Whether the rows have labels.</param>
    /// <param name="kept">Further columns, which the data view has under their <see cref="KeptName"/>.</param>
    /// <param name="keptOption">The option that names them.</param>
    /// <param name="badRows">What is done with rows that cannot be read.</param>
    /// <exception cref="InputException">A value is not one of those allowed.</exception>
    public CsvOptions ToOptions(bool labelled, IReadOnlyList<string> kept, string keptOption, BadRowPolicy badRows)
    {
        RequireParts();
        var options = new CsvOptions
        {
            HasHeader = !NoHeader,
            TextColumns = [.. Text.Select(column => Column(column, "--text"))],
            TextSeparator = Pairs ? BetweenParts : new CsvOptions().TextSeparator,
            KeptColumns = [.. Parts is { } parts ? Text.Select((column, part) => Column(column, "--text") with { Alias = parts[part], IsText = true }) : [], .. kept.Distinct().Select(column => Column(column, keptOption) with { Alias = KeptName(column) })],
            LabelColumn = labelled && LabelColumns is null ? Column(Label, "--label") : null,
            LabelColumns = labelled ? [.. (LabelColumns ?? []).Select(column => Column(column, "--label-columns"))] : [],
            LabelKind = Task == TaskKind.Regression ? CsvLabelKind.Number : CsvLabelKind.Text,
            LabelSeparator = Task == TaskKind.MultiLabel && LabelColumns is null ? LabelSeparator ?? DefaultLabelSeparator : null,
            Delimiter = DelimiterOf(Delimiter),
            Quote = QuoteOf(Quote),
            Encoding = EncodingNames.Find(Encoding),
            Trim = Trim,
            BadRows = badRows,
            Terms = new()
            {
                Text = "--text",
                Label = "--label",
                Labels = "--label-columns",
                Kept = keptOption,
                Delimiter = "--delimiter",
                Encoding = "--encoding",
                Windows1252 = "windows-1252",
                NoQuote = "--quote none",
                Trim = "--trim",
                SameName = "Rename all but one of them.",
                LongerFields = null,
            },
        };
        if (options.Quote is { } quote && options.Delimiter.Contains(quote, StringComparison.Ordinal))
            throw new InputException($"--quote {quote}: the quote must not be a part of the delimiter, {Delimiter}.");
        return options;
    }

    /// <summary>Warns where texts or labels come from other columns than those that a model was trained on.</summary>
    /// <param name="trained">How the model's training files were read; null when that is not known.</param>
    /// <param name="labelled">Whether labels are read.</param>
    public void TellDifferences(CsvSettings? trained, bool labelled, CliConsole console)
    {
        if (trained is null) return;
        Tell("texts", trained.Text, Text);
        if (labelled) Tell("labels", [trained.Label], [Label]);

        void Tell(string what, IReadOnlyList<string> before, IReadOnlyList<string> now)
        {
            if (!now.SequenceEqual(before)) console.Error.WriteLine($"warning: the {what} are read from {Names(now)}; the model was trained on {Names(before)}.");
        }

        static string Names(IReadOnlyList<string> columns) => $"column{(columns.Count == 1 ? "" : "s")} {string.Join(" + ", columns)}";
    }

    private void RequireParts()
    {
        if (!Pairs) return;
        if (ModelInputs is not null && ModelInputs.Count != Text.Count)
            throw new InputException(FormattableString.Invariant($"The model reads {ModelInputs.Count} texts together ({string.Join(", ", ModelInputs)}), and --text names {Text.Count}: {string.Join(", ", Text)}."));
        if (Text.Count < 2) throw new InputException($"--pairs keeps the texts of several columns apart, and --text names one, {Text[0]}: give --text for each of them.");
    }

    private CsvColumn Column(string text, string option)
    {
        if (text.Length == 0) throw new InputException($"{option.Split(' ')[0]} names no column.");
        if (!NoHeader) return text;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index
            : throw new InputException($"'{text}' is no index of a column; with --no-header give {option.Split(' ')[0]} as an index from 0.");
    }

    private static string DelimiterOf(string text)
    {
        string delimiter = text.ToLowerInvariant() switch
        {
            "comma" => ",",
            "semicolon" => ";",
            "tab" => "\t",
            "pipe" => "|",
            "space" => " ",
            _ => text.Replace("\\t", "\t", StringComparison.Ordinal),
        };
        return delimiter.Length > 0 && delimiter.IndexOfAny(['\r', '\n']) < 0 ? delimiter
            : throw new InputException("--delimiter needs at least one character, and no line breaks: comma, semicolon, tab, pipe, or the characters themselves.");
    }

    private static char? QuoteOf(string text) => text switch
    {
        "none" => null,
        ['\r' or '\n'] => throw new InputException("--quote cannot be a line break."),
        [var quote] => quote,
        _ => throw new InputException($"--quote {text}: give one character, or none."),
    };
}

/// <summary>Encodings by the names that people use: those of .NET and of Windows' code pages, their numbers, and what Python and editors call them.</summary>
internal static class EncodingNames
{
    /// <summary>The encoding of a name.</summary>
    /// <exception cref="InputException">There is none; the message says what may be meant.</exception>
    public static Encoding Find(string name)
    {
        string usual = name.Trim().ToLowerInvariant() switch
        {
            "utf8" or "utf-8-sig" or "utf8-bom" or "utf-8-bom" => "utf-8",
            "utf16" or "utf-16le" => "utf-16",
            "utf32" => "utf-32",
            ['c', 'p', .. var page] => page,
            var other => other,
        };
        try
        {
            // The code pages are not registered for the whole process: a command does not change what others see.
            return int.TryParse(usual, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                ? CodePagesEncodingProvider.Instance.GetEncoding(number) ?? Encoding.GetEncoding(number)
                : CodePagesEncodingProvider.Instance.GetEncoding(usual) ?? Encoding.GetEncoding(usual);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new InputException($"--encoding {name}: there is no such encoding. Try utf-8, utf-16, iso-8859-1 or a code page: " +
                "what Windows calls ANSI is windows-1252 in western Europe and America, windows-1250 in central Europe, windows-1251 where Cyrillic is written.", error);
        }
    }
}
