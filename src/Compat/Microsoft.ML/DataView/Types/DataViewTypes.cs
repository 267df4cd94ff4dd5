namespace Microsoft.ML.Data;

/// <summary>Questions about column types that the stand-in's transforms share.</summary>
internal static class DataViewTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> s_byRawType = new()
    {
        [typeof(sbyte)] = NumberDataViewType.SByte,
        [typeof(byte)] = NumberDataViewType.Byte,
        [typeof(short)] = NumberDataViewType.Int16,
        [typeof(ushort)] = NumberDataViewType.UInt16,
        [typeof(int)] = NumberDataViewType.Int32,
        [typeof(uint)] = NumberDataViewType.UInt32,
        [typeof(long)] = NumberDataViewType.Int64,
        [typeof(ulong)] = NumberDataViewType.UInt64,
        [typeof(float)] = NumberDataViewType.Single,
        [typeof(double)] = NumberDataViewType.Double,
        [typeof(bool)] = BooleanDataViewType.Instance,
        [typeof(string)] = TextDataViewType.Instance,
        [typeof(ReadOnlyMemory<char>)] = TextDataViewType.Instance,
        [typeof(DateTime)] = DateTimeDataViewType.Instance,
        [typeof(DateTimeOffset)] = DateTimeOffsetDataViewType.Instance,
        [typeof(TimeSpan)] = TimeSpanDataViewType.Instance,
        [typeof(DataViewRowId)] = RowIdDataViewType.Instance,
    };

    /// <summary>The primitive type that holds values of a .NET type, or null.</summary>
    public static PrimitiveDataViewType FromRawType(Type rawType) => s_byRawType.GetValueOrDefault(rawType);

    /// <summary>The primitive type of a name as its ToString gives it, or null.</summary>
    public static PrimitiveDataViewType FromName(string name) => s_byRawType.Values.FirstOrDefault(type => type.ToString() == name);

    public static PrimitiveDataViewType ItemType(DataViewType type) =>
        type is VectorDataViewType vector ? vector.ItemType : type as PrimitiveDataViewType;
}
