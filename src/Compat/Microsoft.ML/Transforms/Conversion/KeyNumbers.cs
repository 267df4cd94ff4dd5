namespace Microsoft.ML.Transforms;

/// <summary>The raw number of a key, whichever integer type holds it.</summary>
internal static class KeyNumbers
{
    public static Func<TKey, ulong> From<TKey>()
    {
        object convert = Type.GetTypeCode(typeof(TKey)) switch
        {
            TypeCode.Byte => (Func<byte, ulong>)(key => key),
            TypeCode.UInt16 => (Func<ushort, ulong>)(key => key),
            TypeCode.UInt32 => (Func<uint, ulong>)(key => key),
            TypeCode.UInt64 => (Func<ulong, ulong>)(key => key),
            _ => throw new ArgumentException($"{typeof(TKey)} does not hold keys"),
        };
        return (Func<TKey, ulong>)convert;
    }

    /// <summary>A getter of a key column's raw numbers.</summary>
    public static ValueGetter<ulong> Getter(DataViewRow row, DataViewSchema.Column column) =>
        (ValueGetter<ulong>)Data.Generic.Call(typeof(KeyNumbers), nameof(GetterOf), column.Type.RawType, row, column);

    private static ValueGetter<ulong> GetterOf<TKey>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<TKey> getter = row.GetGetter<TKey>(column);
        Func<TKey, ulong> toNumber = From<TKey>();
        TKey key = default;
        return (ref ulong number) =>
        {
            getter(ref key);
            number = toNumber(key);
        };
    }
}
