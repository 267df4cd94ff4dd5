using System.Text;

namespace MlAttention.Cli.Input;

/// <summary>Texts that come from no file, as rows with the column Text and, of a model of several texts together, a column for each.</summary>
internal static class TextRows
{
    /// <summary>The given texts.</summary>
    /// <param name="texts">The texts; the parts of each in turn.</param>
    /// <param name="parts">The columns of the parts; null where a text is one.</param>
    /// <exception cref="InputException">A text lacks parts.</exception>
    public static IDataView Of(IReadOnlyList<string> texts, IReadOnlyList<string>? parts)
    {
        int each = parts?.Count ?? 1;
        if (texts.Count % each != 0) throw new InputException(FormattableString.Invariant($"The model reads {each} texts together ({string.Join(", ", parts!)}), and {texts.Count} are given: give them in turn."));
        return new TextRowView(parts, [.. texts.Chunk(each)]);
    }

    /// <summary>The lines of standard input, read as they come and once.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="encoding">The name of its encoding.</param>
    /// <param name="parts">The columns of the parts, between which a line has a tab; null where a line is one text.</param>
    /// <param name="cancellation">Ends the waiting for a line.</param>
    public static IDataView OfLines(Stream input, string encoding, IReadOnlyList<string>? parts, CancellationToken cancellation)
    {
        var chosen = (Encoding)EncodingNames.Find(encoding).Clone();
        chosen.DecoderFallback = new DecoderReplacementFallback(CsvTextReader.InvalidBytes.ToString());
        return new TextRowView(parts, Read(new StreamReader(input, chosen), encoding, parts, cancellation));
    }

    private static IEnumerable<string[]> Read(StreamReader reader, string encoding, IReadOnlyList<string>? parts, CancellationToken cancellation)
    {
        for (long number = 1; Next(reader, cancellation) is { } text; number++)
        {
            if (text.Contains(CsvTextReader.InvalidBytes, StringComparison.Ordinal))
                throw new InputException(FormattableString.Invariant($"Standard input, line {number}: bytes that are no {encoding}. Give its encoding with --encoding."));
            string[] texts = parts is null ? [text] : text.Split('\t');
            if (parts is not null && texts.Length != parts.Count)
                throw new InputException(FormattableString.Invariant($"Standard input, line {number}: has {texts.Length} texts; the model reads {parts.Count} together ({string.Join(", ", parts)}), with a tab between them."));
            yield return texts;
        }
    }

    // A thread that waits for a line cannot be interrupted; it ends with the program.
    private static string? Next(StreamReader reader, CancellationToken cancellation) => Task.Run(reader.ReadLine, cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
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
