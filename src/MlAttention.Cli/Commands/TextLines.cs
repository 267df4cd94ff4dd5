using System.Text;
using Microsoft.ML;
using MlAttention.Data;

namespace MlAttention.Cli.Commands;

/// <summary>Texts from standard input, a line each, read as they come and once.</summary>
internal static class TextLines
{
    /// <summary>The lines as rows with the column Text.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="encoding">The name of its encoding.</param>
    /// <param name="cancellation">Ends the waiting for a line.</param>
    public static IDataView Open(MLContext context, Stream input, string encoding, CancellationToken cancellation)
    {
        var chosen = (Encoding)EncodingNames.Find(encoding).Clone();
        chosen.DecoderFallback = new DecoderReplacementFallback(CsvTextReader.InvalidBytes.ToString());
        return context.Data.LoadFromEnumerable(Read(new StreamReader(input, chosen), encoding, cancellation));
    }

    private static IEnumerable<Line> Read(StreamReader reader, string encoding, CancellationToken cancellation)
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

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }
}
