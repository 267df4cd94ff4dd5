using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.ML;
using MlAttention.Data;

namespace MlAttention.Cli.Commands;

/// <summary>The CSV files of a command, and how they are read. Rows are streamed, never all in memory.</summary>
internal sealed class CsvInput
{
    private const string DefaultGroup = "Group", NoGroups = "none";
    private readonly Option<string[]> _text = new("--text") { Description = "Column of the texts, by name or, with --no-header, by index from 0; several, given one by one, are joined.", DefaultValueFactory = _ => ["Text"] };
    private readonly Option<string> _label = new("--label") { Description = "Column of the labels.", DefaultValueFactory = _ => "Label" };
    private readonly Option<string?> _group = new("--group") { Description = "Column whose equal values stay on one side of every split; by default Group where the files have it; none for none." };
    private readonly Option<string> _delimiter = new("--delimiter") { Description = "What separates fields; \\t for a tab.", DefaultValueFactory = _ => "," };
    private readonly Option<string> _quote = new("--quote") { Description = "The quote around fields; none when the file quotes nothing.", DefaultValueFactory = _ => "\"" };
    private readonly Option<string> _encoding = new("--encoding") { Description = "Encoding of files without a byte order mark, for example utf-8 or iso-8859-1.", DefaultValueFactory = _ => "utf-8" };
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The first row is a row like the others." };
    private readonly Option<bool> _skipBadRows = new("--skip-bad-rows") { Description = "Leave rows out that cannot be read, and tell how many; without it the first one ends the command." };

    /// <summary>The options of the command line that stand for what a message of the library names.</summary>
    private static readonly (string Library, string Option)[] s_names =
    [
        ("Set CsvOptions.TextColumns, LabelColumn and WeightColumn to columns of the file.", "Give columns of the file with --text and --label."),
        ("set CsvOptions.Quote = null", "give --quote none"),
        ("Set CsvOptions.Encoding (for example Encoding.Latin1)", "Give --encoding (for example iso-8859-1)"),
        ("Set CsvOptions.Encoding to", "Give --encoding with"),
        ("set CsvOptions.Delimiter", "give --delimiter"),
        ("CsvOptions.Delimiter", "--delimiter"),
    ];

    /// <summary>A message of the library about a CSV file, in the words of the command line.</summary>
    public static string InOptions(string message) => s_names.Aggregate(message, (text, name) => text.Replace(name.Library, name.Option, StringComparison.Ordinal));

    /// <summary>The files or patterns, for a command that takes them as arguments.</summary>
    public static Argument<string[]> Files() => new("data") { Description = "CSV files, or patterns such as 'reviews-*.csv'.", Arity = ArgumentArity.OneOrMore };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="labelled">Whether the rows have labels.</param>
    /// <param name="grouped">Whether the rows may have groups.</param>
    public void AddTo(Command command, bool labelled = true, bool grouped = false)
    {
        command.Add(_text);
        if (labelled) command.Add(_label);
        if (grouped) command.Add(_group);
        foreach (Option option in new Option[] { _delimiter, _quote, _encoding, _noHeader, _skipBadRows }) command.Add(option);
    }

    /// <summary>How the files are read: as the command line says, else as the model was trained, else by the defaults.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="remembered">What the model file keeps; null without a model.</param>
    public CsvSettings Settings(ParseResult parsed, CsvSettings? remembered = null)
    {
        remembered ??= new();
        return new()
        {
            Text = Given(_text, remembered.Text)!,
            Label = Given(_label, remembered.Label)!,
            Delimiter = Given(_delimiter, remembered.Delimiter)!,
            Quote = Given(_quote, remembered.Quote)!,
            Encoding = Given(_encoding, remembered.Encoding)!,
            NoHeader = Given(_noHeader, remembered.NoHeader),
        };

        T? Given<TOption, T>(Option<TOption> option, T otherwise) where TOption : T => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : otherwise;
    }

    /// <summary>Opens the files.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">How they are read.</param>
    /// <param name="files">The files or patterns.</param>
    /// <param name="labelled">Whether the rows have labels.</param>
    /// <param name="kept">Further columns, which the data view has after the text and the label; null for none.</param>
    /// <exception cref="CsvDataException">A file cannot be read; the message names the place.</exception>
    public IDataView Open(MLContext context, ParseResult parsed, CsvSettings settings, string[] files, bool labelled = true, IReadOnlyList<string>? kept = null) =>
        OpenColumns(context, parsed, settings, files, labelled, kept ?? []);

    /// <summary>Opens the files with the rows' groups, if they have any.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">How they are read.</param>
    /// <param name="files">The files or patterns.</param>
    /// <param name="group">The data view's column of groups; null when every row stands alone.</param>
    /// <exception cref="CsvDataException">A file cannot be read; the message names the place.</exception>
    public IDataView OpenGrouped(MLContext context, ParseResult parsed, CsvSettings settings, string[] files, out string? group)
    {
        string? given = parsed.GetValue(_group);
        group = given == NoGroups || (given is null && settings.NoHeader) ? null : given ?? DefaultGroup;
        try
        {
            var data = OpenColumns(context, parsed, settings, files, labelled: true, group is null ? [] : [group]);
            group = group is null ? null : data.Schema[^1].Name;
            return data;
        }
        catch (CsvDataException) when (given is null && group is not null)
        {
            group = null; // no column of that name, and none was asked for
            return Open(context, parsed, settings, files);
        }
    }

    private IDataView OpenColumns(MLContext context, ParseResult parsed, CsvSettings settings, string[] files, bool labelled, IReadOnlyList<string> kept)
    {
        bool hasHeader = !settings.NoHeader;
        return context.Attention().LoadCsv(new CsvOptions
        {
            HasHeader = hasHeader,
            TextColumns = [.. settings.Text.Select(column => Column(column, hasHeader))],
            KeptColumns = [.. kept.Select(column => Column(column, hasHeader))],
            LabelColumn = labelled ? Column(settings.Label, hasHeader) : null,
            Delimiter = settings.Delimiter.Replace("\\t", "\t", StringComparison.Ordinal),
            Quote = Quote(settings.Quote),
            Encoding = EncodingOf(settings.Encoding),
            BadRows = parsed.GetValue(_skipBadRows) ? BadRowPolicy.Skip : BadRowPolicy.Throw,
        }, files);
    }

    private static CsvColumn Column(string text, bool hasHeader)
    {
        if (hasHeader) return text;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index
            : throw new InputException($"'{text}' is no index of a column; with --no-header give --text and --label as indexes from 0.");
    }

    private static char? Quote(string text) => text switch
    {
        "none" => null,
        [var quote] => quote,
        _ => throw new InputException($"--quote {text}: give one character, or none."),
    };

    internal static Encoding EncodingOf(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException error)
        {
            throw new InputException($"--encoding {name}: there is no such encoding. Try utf-8, utf-16 or iso-8859-1.", error);
        }
    }
}
