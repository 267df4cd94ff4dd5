using System.Text;

namespace MlAttention.Cli.Input;

/// <summary>Texts that come from no file, as rows with the column Text.</summary>
internal static class TextRows
{
    /// <summary>The given texts.</summary>
    public static IDataView Of(MLContext context, IEnumerable<string> texts) => context.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }).ToArray());

    /// <summary>The lines of standard input, read as they come and once.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="encoding">The name of its encoding.</param>
    /// <param name="cancellation">Ends the waiting for a line.</param>
    public static IDataView OfLines(MLContext context, Stream input, string encoding, CancellationToken cancellation)
    {
        var chosen = (Encoding)EncodingNames.Find(encoding).Clone();
        chosen.DecoderFallback = new DecoderReplacementFallback(CsvTextReader.InvalidBytes.ToString());
        return context.Data.LoadFromEnumerable(Read(new StreamReader(input, chosen), encoding, cancellation));
    }

    private static IEnumerable<Row> Read(StreamReader reader, string encoding, CancellationToken cancellation)
    {
        for (long number = 1; Next(reader, cancellation) is { } text; number++)
        {
            if (text.Contains(CsvTextReader.InvalidBytes, StringComparison.Ordinal))
                throw new InputException(FormattableString.Invariant($"Standard input, line {number}: bytes that are no {encoding}. Give its encoding with --encoding."));
            yield return new() { Text = text };
        }
    }

    // A thread that waits for a line cannot be interrupted; it ends with the program.
    private static string? Next(StreamReader reader, CancellationToken cancellation) => Task.Run(reader.ReadLine, cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}

/// <summary>A data view whose reading ends when the command is interrupted: training looks for that between batches, and large files take long to read before.</summary>
internal sealed class InterruptibleView(IDataView source, CancellationToken cancellation) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded, rand), cancellation);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. source.GetRowCursorSet(columnsNeeded, n, rand).Select(cursor => new Cursor(cursor, cancellation))];

    private sealed class Cursor(DataViewRowCursor input, CancellationToken cancellation) : ForwardingCursor(input)
    {
        public override bool MoveNext()
        {
            cancellation.ThrowIfCancellationRequested();
            return Source.ReadNext();
        }
    }
}
