using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Which values of a type stand for a missing one.</summary>
internal static class MissingValues
{
    public static Predicate<T> Predicate<T>(PrimitiveDataViewType type)
    {
        object predicate = type switch
        {
            TextDataViewType => (Predicate<ReadOnlyMemory<char>>)(text => text.IsEmpty),
            KeyDataViewType => (Predicate<T>)(key => EqualityComparer<T>.Default.Equals(key, default)),
            _ when type.RawType == typeof(float) => (Predicate<float>)float.IsNaN,
            _ when type.RawType == typeof(double) => (Predicate<double>)double.IsNaN,
            _ => (Predicate<T>)(_ => false),
        };
        return (Predicate<T>)predicate;
    }

    /// <summary>The value that a missing key maps to: empty text, NaN, or the default of the type.</summary>
    public static T Value<T>() => (T)(object)(default(T) switch
    {
        float => float.NaN,
        double => double.NaN,
        _ => default(T),
    });
}
