namespace MlAttention.Data;

/// <summary>What happens to a row of a CSV file that cannot be read as the options say.</summary>
public enum BadRowPolicy
{
    /// <summary>Reading stops with a <see cref="CsvDataException"/> that names the file, the row and the column.</summary>
    Throw,
    /// <summary>The row is left out and counted; the log tells the number and the first reason.</summary>
    Skip,
}
