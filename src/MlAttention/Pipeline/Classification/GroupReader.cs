using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Classification;

/// <summary>Numbers the distinct values of a column, so that rows of equal value have equal numbers.</summary>
internal static class GroupReader
{
    /// <summary>Gives the number of the current row's value, from 0.</summary>
    public delegate int ReadGroup();

    public static ReadGroup Create(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        KeyDataViewType => Numbered(KeyReader.Scalar(row, column).Invoke),
        TextDataViewType => Numbered(Values<ReadOnlyMemory<char>, string>(row, column, text => text.ToString())),
        _ => Numbered(Values<float, float>(row, column, number => number)),
    };

    private static Func<TGroup> Values<TValue, TGroup>(DataViewRow row, DataViewSchema.Column column, Func<TValue, TGroup> toGroup)
    {
        var getter = row.GetGetter<TValue>(column);
        TValue value = default!;
        return () =>
        {
            getter(ref value);
            return toGroup(value);
        };
    }

    private static ReadGroup Numbered<T>(Func<T> read) where T : notnull
    {
        var numbers = new Dictionary<T, int>();
        return () =>
        {
            var value = read();
            if (!numbers.TryGetValue(value, out var number)) numbers.Add(value, number = numbers.Count);
            return number;
        };
    }
}
