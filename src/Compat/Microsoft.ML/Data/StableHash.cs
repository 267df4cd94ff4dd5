using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Hashes of values that are the same in each run of a program.</summary>
internal static class StableHash
{
    public static DataViewRowId Of<T>(T value) => value switch
    {
        ReadOnlyMemory<char> text => OfText(text.Span),
        System.Collections.IEnumerable and not string => throw new NotSupportedException($"A sampling key is scalar; got {typeof(T)}"),
        IFormattable number => OfText(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => OfText(value.ToString()),
    };

    private static DataViewRowId OfText(ReadOnlySpan<char> text)
    {
        var hash = new DataViewRowId((ulong)text.Length, 0);
        foreach (char character in text)
        {
            hash = hash.Combine(new DataViewRowId(character, 0));
        }

        return hash;
    }
}
