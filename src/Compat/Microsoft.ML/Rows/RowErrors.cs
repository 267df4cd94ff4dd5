namespace Microsoft.ML.Data;

/// <summary>The errors of fetching values that every row and cursor shares.</summary>
internal static class RowErrors
{
    public static ArgumentOutOfRangeException NotActive(DataViewSchema.Column column) =>
        new(nameof(column), $"Column '{column.Name}' (#{column.Index}) is not active: ask for it when the cursor is made.");

    public static InvalidOperationException WrongType(DataViewSchema.Column column, Type asked) =>
        new($"Invalid TValue in GetGetter: column '{column.Name}' is {column.Type} with raw type {column.Type.RawType}; got {asked}");

    public static InvalidOperationException NoCurrentRow() =>
        new("Values cannot be fetched at this time. Either the cursor has not started, or it has ended; MoveNext must return true first.");

    /// <summary>The getter as the type that was asked for.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw WrongType(column, typeof(TValue));
}
