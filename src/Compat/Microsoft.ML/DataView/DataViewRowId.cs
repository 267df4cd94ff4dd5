using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit row number that stays with a row through shuffling, filtering and cursor sets.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    public readonly ulong Low;

    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>An id for the first row made from this one.</summary>
    public DataViewRowId Fork() => Mix(new DataViewRowId(1, 0));

    /// <summary>An id for the next row made from this one.</summary>
    public DataViewRowId Next() => Mix(new DataViewRowId(2, 0));

    /// <summary>An id for a row made from this one and another one.</summary>
    public DataViewRowId Combine(DataViewRowId other) => Mix(other.Fork());

    public int CompareTo(DataViewRowId other)
    {
        int high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    private DataViewRowId Mix(DataViewRowId other)
    {
        ulong low = Scramble(Low + Golden + Scramble(other.Low));
        ulong high = Scramble(High + low + Scramble(other.High + Golden));
        return new DataViewRowId(low, high);
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that spreads every bit.
    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
