using System.Globalization;

namespace MlAttention.Data;

/// <summary>A column of a CSV file, by the name in its header or by its index. Texts and numbers convert to it implicitly.</summary>
public sealed record CsvColumn
{
    private CsvColumn(string? name, int index)
    {
        Name = name;
        Index = index;
    }

    /// <summary>The name in the header, or null when the column is given by index.</summary>
    public string? Name { get; }

    /// <summary>0-based index; meaningless when the column is given by name.</summary>
    public int Index { get; }

    /// <summary>What the column is called in the data view instead; null when it keeps its name.</summary>
    internal string? Alias { get; init; }

    /// <summary>What a further column is called in the data view.</summary>
    internal string OutputName => Alias ?? Name ?? string.Create(CultureInfo.InvariantCulture, $"Column{Index}");

    /// <summary>The column with this name in the header; upper and lower case differ.</summary>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public static CsvColumn FromString(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CsvColumn(name, -1);
    }

    /// <summary>The column at this 0-based index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static CsvColumn FromInt32(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new CsvColumn(null, index);
    }

    /// <summary>The column with this name in the header.</summary>
    public static implicit operator CsvColumn(string name) => FromString(name);

    /// <summary>The column at this 0-based index.</summary>
    public static implicit operator CsvColumn(int index) => FromInt32(index);

    /// <summary>The name in quotes, or the index.</summary>
    public override string ToString() => Name is null ? Index.ToString(CultureInfo.InvariantCulture) : $"'{Name}'";
}
