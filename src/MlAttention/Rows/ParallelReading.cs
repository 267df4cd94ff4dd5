using System.Runtime.ExceptionServices;

namespace MlAttention.Rows;

/// <summary>
/// ML.NET reads a source on several threads where that pays, and puts what goes wrong there into an error of its own, "Splitter/consolidator
/// worker encountered exception while consuming source data". The user is told what went wrong.
/// </summary>
internal static class ParallelReading
{
    /// <summary><see cref="DataViewRowCursor.MoveNext"/>, with the source's own error.</summary>
    public static bool ReadNext(this DataViewRowCursor cursor)
    {
        try
        {
            return cursor.MoveNext();
        }
        catch (InvalidOperationException error) when (CauseOf(error) != error)
        {
            ExceptionDispatchInfo.Throw(CauseOf(error));
            throw;
        }
    }

    /// <summary>The error of the source, or the given one if it comes from no such thread.</summary>
    public static Exception CauseOf(Exception error)
    {
        while (error is InvalidOperationException { InnerException: { } cause } && error.Message.StartsWith("Splitter/consolidator worker", StringComparison.Ordinal)) error = cause;
        return error;
    }
}
