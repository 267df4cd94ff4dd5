using System.Globalization;

namespace MlAttention.Data;

/// <summary>Finds columns in a file's header, or by index, and explains what is missing.</summary>
internal sealed class CsvHeader(string path, string[] names, int fieldCount, CsvOptions options)
{
    /// <summary>The names in quotes, as an error tells them.</summary>
    public static string List(IEnumerable<string> names) => "columns " + string.Join(", ", names.Select(name => $"'{name}'"));

    /// <exception cref="CsvDataException">There is no such column, or several have its name.</exception>
    public int Find(CsvColumn column)
    {
        if (column.Name is null)
            return column.Index < fieldCount ? column.Index : throw Error(string.Create(CultureInfo.InvariantCulture,
                $"there is no column with index {column.Index}: rows have {fieldCount} fields, index 0 to {fieldCount - 1}. Correct the index, or CsvOptions.Delimiter."));

        var index = Array.IndexOf(names, column.Name);
        if (index < 0) throw Error($"there is no column {column}; the header has the {List(names)}. {Advice(column.Name)}");
        if (Array.LastIndexOf(names, column.Name) != index) throw Error($"several columns are named {column}. Give the column by its 0-based index.");
        return index;
    }

    private string Advice(string name)
    {
        var similar = Array.Find(names, other => string.Equals(other.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase));
        if (similar is not null) return $"Did you mean '{similar}'?";
        var delimiter = names is [var only] ? Array.Find([";", "\t", "|", ","], other => only.Contains(other, StringComparison.Ordinal)) : null;
        if (delimiter is not null) return $"The delimiter seems to be '{(delimiter == "\t" ? "\\t" : delimiter)}': set CsvOptions.Delimiter (now '{options.Delimiter}').";
        return "Set CsvOptions.TextColumns, LabelColumn and WeightColumn to columns of the file.";
    }

    private CsvDataException Error(string problem) => new(problem, path, options.HasHeader ? 1 : null);
}
