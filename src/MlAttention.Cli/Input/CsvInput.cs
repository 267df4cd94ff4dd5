namespace MlAttention.Cli.Input;

/// <summary>The CSV files of a command, and how they are read. Rows are streamed, never all in memory.</summary>
internal sealed class CsvInput
{
    private const string DefaultGroup = "Group", NoGroups = "none", StandardInput = "-", StandardInputName = "standard input";

    private static readonly string[] s_commonNames = ["train", "training"];

    private readonly Option<string[]> _text = new("--text") { Description = "Column of the texts, by name or, with --no-header, by index from 0; several, given one by one, are joined, or kept apart with --pairs.", DefaultValueFactory = _ => ["Text"] };
    private readonly Option<bool> _pairs = new("--pairs") { Description = "Keep the texts of several --text columns apart, such as a question and its answer: a row is one sequence with a separator between them." };
    private readonly Option<string> _label = new("--label") { Description = "Column of the labels.", DefaultValueFactory = _ => "Label" };
    private readonly Option<string?> _group = new("--group") { Description = "Column whose equal values stay on one side of every split; by default Group where the files have it; none for none." };
    private readonly Option<string> _delimiter = new("--delimiter") { Description = "What separates fields: comma, semicolon, tab, pipe, or the characters themselves.", DefaultValueFactory = _ => "," };
    private readonly Option<string> _quote = new("--quote") { Description = "The quote around fields; none when the file quotes nothing.", DefaultValueFactory = _ => "\"" };
    private readonly Option<string> _encoding = new("--encoding") { Description = "Encoding of files without a byte order mark, for example utf-8, windows-1252 or utf-16.", DefaultValueFactory = _ => "utf-8" };
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The first row is a row like the others." };
    private readonly Option<bool> _trim = new("--trim") { Description = "Leave out blanks around labels and around the names in the header." };
    private readonly Option<bool> _skipBadRows = new("--skip-bad-rows") { Description = "Leave rows out that cannot be read, and tell how many; without it the first one ends the command." };
    private bool _standardInputIsTaken;

    /// <summary>The files or patterns, for a command that takes them as arguments.</summary>
    public static Argument<string[]> Files() => new("data") { Description = "CSV files, or patterns such as 'reviews-*.csv', plain or compressed with gzip; - for standard input.", Arity = ArgumentArity.OneOrMore };

    /// <summary>What messages and reports call a file or standard input: a file by its name, behind its folder's where it is called train as a thousand others are.</summary>
    public static string NameOf(string path)
    {
        if (path == StandardInput) return StandardInputName;
        string name = Path.GetFileName(path), folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "";
        return folder.Length > 0 && s_commonNames.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase) ? $"{folder}/{name}" : name;
    }

    /// <summary>The options of a command.</summary>
    /// <param name="labelled">Whether the rows have labels.</param>
    /// <param name="grouped">Whether the rows may have groups.</param>
    /// <param name="paired">Whether the command chooses if the texts of several columns are joined; a model that was trained knows.</param>
    public IEnumerable<Option> Options(bool labelled = true, bool grouped = false, bool paired = false) =>
        [_text, .. paired ? [_pairs] : (Option[])[], .. labelled ? [_label] : (Option[])[], .. grouped ? [_group] : (Option[])[], _delimiter, _quote, _encoding, _noHeader, _trim, _skipBadRows];

    /// <summary>How the files are read: as the command line says, else as the model was trained, else by the defaults.</summary>
    /// <param name="remembered">What the model file keeps; null without a model.</param>
    /// <param name="modelInputs">The columns of the parts that a model's texts have; null where they have one, or without a model.</param>
    public CsvSettings Settings(ParseResult parsed, CsvSettings? remembered = null, IReadOnlyList<string>? modelInputs = null)
    {
        remembered ??= modelInputs is null ? new() : new() { Text = modelInputs };
        return new()
        {
            Text = Given(_text, remembered.Text)!,
            Pairs = modelInputs is not null || parsed.GetResult(_pairs) is { Implicit: false } && parsed.GetValue(_pairs),
            ModelInputs = modelInputs,
            Label = Given(_label, remembered.Label)!,
            Delimiter = Given(_delimiter, remembered.Delimiter)!,
            Quote = Given(_quote, remembered.Quote)!,
            Encoding = Given(_encoding, remembered.Encoding)!,
            NoHeader = Given(_noHeader, remembered.NoHeader),
            Trim = Given(_trim, remembered.Trim),
            Task = remembered.Task,
            LabelSeparator = remembered.LabelSeparator,
            LabelColumns = remembered.LabelColumns,
        };

        T? Given<TOption, T>(Option<TOption> option, T otherwise) where TOption : T => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : otherwise;
    }

    /// <summary>Opens the files.</summary>
    /// <param name="files">The files or patterns; "-" is standard input.</param>
    /// <param name="labelled">Whether the rows have labels.</param>
    /// <param name="kept">Further columns, which the data view has under their <see cref="CsvSettings.KeptName"/>.</param>
    /// <param name="keptOption">The option that names them.</param>
    /// <exception cref="CsvDataException">A file cannot be read; the message names the place.</exception>
    public IDataView Open(MLContext context, ParseResult parsed, CsvSettings settings, string[] files, bool labelled = true, IReadOnlyList<string>? kept = null, string keptOption = "--keep")
    {
        var options = settings.ToOptions(labelled, kept ?? [], keptOption, BadRows(parsed));
        return new CsvDataView(context, Sources(files), options);
    }

    /// <summary>Opens the files with the rows' groups, if they have any.</summary>
    /// <param name="files">The files or patterns; "-" is standard input.</param>
    /// <param name="group">The data view's column of groups; null when every row stands alone.</param>
    /// <exception cref="CsvDataException">A file cannot be read; the message names the place.</exception>
    public IDataView OpenGrouped(MLContext context, ParseResult parsed, CsvSettings settings, string[] files, out string? group)
    {
        var sources = Sources(files);
        var options = settings.ToOptions(labelled: true, [], "--group", BadRows(parsed));
        string? column = parsed.GetValue(_group) switch
        {
            NoGroups => null,
            { } given => given,
            null => settings.NoHeader ? null : UsualGroup(sources, options),
        };
        group = column is null ? null : settings.KeptName(column);
        return new CsvDataView(context, sources, column is null ? options : settings.ToOptions(labelled: true, [column], "--group (none for no groups)", options.BadRows));
    }

    /// <summary>Whether the command line names a column of groups, or none; otherwise a column that happens to have the name is taken.</summary>
    public bool GroupIsGiven(ParseResult parsed) => parsed.GetValue(_group) is not null;

    private BadRowPolicy BadRows(ParseResult parsed) => parsed.GetValue(_skipBadRows) ? BadRowPolicy.Skip : BadRowPolicy.Throw;

    /// <summary>The usual name of a column of groups, if the files have one.</summary>
    private static string? UsualGroup(CsvSource[] sources, CsvOptions options)
    {
        var having = sources.ToLookup(source =>
        {
            using var reader = new CsvFileReader(source, options);
            return reader.Header.Contains(DefaultGroup);
        }, source => source.Name);
        if (having[true].Any() && having[false].Any())
            throw new InputException($"{having[true].First()} has a column {DefaultGroup}, {having[false].First()} has none. Give --group none, or a column of both.");
        return having[true].Any() ? DefaultGroup : null;
    }

    /// <summary>The files in their order; standard input is copied, since data is read more than once.</summary>
    private CsvSource[] Sources(string[] files)
    {
        string[] paths = [.. files.SelectMany(file => file == StandardInput ? [file] : CsvFiles.Expand(file))];
        CsvFiles.RequireDifferent(paths);
        return [.. paths.Select(path => path == StandardInput ? TakeStandardInput() : CsvSource.OfFile(path))];
    }

    private CsvSource TakeStandardInput()
    {
        if (_standardInputIsTaken) throw new InputException("Standard input (-) is given twice, but it can be read only once.");
        _standardInputIsTaken = true;
        using var input = Console.OpenStandardInput();
        return CsvSource.OfStream(StandardInputName, input);
    }
}
