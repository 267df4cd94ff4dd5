using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A category: raw value 0 is missing, raw values 1 to Count name the categories.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        Guard.Param(IsValidDataType(type), nameof(type), $"A key is held as Byte, UInt16, UInt32 or UInt64; got {type.Name}.");
        Guard.Param(count > 0 && count <= Capacity(type), nameof(count), $"The cardinality of a key held as {type.Name} is 1 to {Capacity(type)}; got {count}.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, checked((ulong)Positive(count)))
    {
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) =>
        type == typeof(uint) || type == typeof(ulong) || type == typeof(ushort) || type == typeof(byte);

    public override bool Equals(DataViewType other) =>
        other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static int Positive(int count)
    {
        Guard.Param(count > 0, nameof(count), $"The cardinality of a key is positive; got {count}.");
        return count;
    }

    private static ulong Capacity(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}
