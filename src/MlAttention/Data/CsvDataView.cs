using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlAttention.Data;

/// <summary>
/// The rows of CSV files as a streaming data view: each cursor reads the files anew and holds one row, so that files larger than
/// memory can be read. The number of rows is not known in advance, and rows come in file order.
/// </summary>
internal sealed class CsvDataView : IDataView
{
    private readonly IHost _host;
    private bool _notesAreLogged;

    /// <summary>Opens each file once, so that a wrong path, header or first row fails here and not while training.</summary>
    /// <exception cref="CsvDataException">A file is missing, empty or lacks a column, or no file has a row.</exception>
    public CsvDataView(IHostEnvironment environment, IReadOnlyList<string> paths, CsvOptions options)
        : this(environment, Sources(paths, options), options) { }

    /// <inheritdoc cref="CsvDataView(IHostEnvironment, IReadOnlyList{string}, CsvOptions)"/>
    public CsvDataView(IHostEnvironment environment, IReadOnlyList<CsvSource> files, CsvOptions options)
    {
        options.Validate();
        _host = environment.Register("LoadCsv");
        Options = options;
        Files = files;
        Schema = MakeSchema(options);

        var anyRow = false;
        foreach (var file in Files)
        {
            using var reader = new CsvFileReader(file, options);
            anyRow |= reader.Read();
        }

        if (!anyRow) throw new CsvDataException("the file has a header but no rows.", Files[0].Name, row: 1);
    }

    /// <summary>How the files are read.</summary>
    public CsvOptions Options { get; }

    /// <summary>The files in the order of their rows.</summary>
    public IReadOnlyList<CsvSource> Files { get; }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new CsvCursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Tells, once for this view, what was left out.</summary>
    internal void Report(CsvReadingNotes notes)
    {
        string[] sentences = [.. notes.Sentences()];
        if (sentences.Length == 0 || Interlocked.Exchange(ref _notesAreLogged, true)) return;
        using var channel = _host.Start("Left out");
        foreach (var sentence in sentences) channel.Warning(MessageSensitivity.UserData, sentence);
    }

    // What is wrong with the options comes first: a pipe can be read only once.
    private static CsvSource[] Sources(IReadOnlyList<string> paths, CsvOptions options)
    {
        options.Validate();
        return [.. CsvFiles.Resolve(paths).Select(CsvSource.OfFile)];
    }

    private static DataViewSchema MakeSchema(CsvOptions options)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(options.TextColumnName, TextDataViewType.Instance);
        if (options.LabelColumn is not null)
            builder.AddColumn(options.LabelColumnName, options.LabelKind switch
            {
                CsvLabelKind.Text => TextDataViewType.Instance,
                CsvLabelKind.Number => NumberDataViewType.Single,
                _ => BooleanDataViewType.Instance,
            });
        if (options.WeightColumn is not null) builder.AddColumn(options.WeightColumnName, NumberDataViewType.Single);
        foreach (var column in options.KeptColumns) builder.AddColumn(column.OutputName, TextDataViewType.Instance);
        return builder.ToSchema();
    }
}
