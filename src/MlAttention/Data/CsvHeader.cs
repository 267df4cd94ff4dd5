using System.Globalization;

namespace MlAttention.Data;

/// <summary>Finds columns in a file's header, or by index, and explains what is missing.</summary>
internal sealed class CsvHeader(string file, string[] names, int fieldCount, CsvOptions options)
{
    private readonly CsvTerms _terms = options.Terms;

    /// <summary>The names in quotes, as an error tells them.</summary>
    public static string List(IEnumerable<string> names) => "columns " + string.Join(", ", names.Select(LookAlike.Quoted));

    /// <summary>The index of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="setting">What the setting is called that names it.</param>
    /// <exception cref="CsvDataException">There is no such column, or several have its name.</exception>
    public int Find(CsvColumn column, string setting)
    {
        if (column.Name is null)
            return column.Index < fieldCount ? column.Index : throw Error(string.Create(CultureInfo.InvariantCulture,
                $"there is no column with index {column.Index}: rows have {fieldCount} fields, index 0 to {fieldCount - 1}. Correct {setting} or {_terms.Delimiter}."));

        var index = Array.IndexOf(names, column.Name);
        if (index < 0) throw Error($"there is no column {LookAlike.Quoted(column.Name)}; the header has the {List(names)}. {Advice(column.Name, setting)}");
        if (Array.LastIndexOf(names, column.Name) != index) throw Error($"several columns are named {column}. {_terms.SameName}");
        return index;
    }

    private string Advice(string name, string setting)
    {
        var key = LookAlike.Key(name);
        var similar = Array.Find(names, other => LookAlike.Key(other) == key);
        if (similar is not null && similar.Trim() == name.Trim()) return $"Did you mean {LookAlike.Quoted(similar)}? Blanks count, unless they are left out with {_terms.Trim}.";
        if (similar is not null) return $"Did you mean {LookAlike.Quoted(similar)}?";
        var delimiter = names is [var only] ? Array.Find([";", "\t", "|", ","], other => only.Contains(other, StringComparison.Ordinal)) : null;
        if (delimiter is not null) return $"The delimiter seems to be '{Shown(delimiter)}': set {_terms.Delimiter} to it (now '{Shown(options.Delimiter)}').";
        return $"Set {setting} to one of them.";
    }

    private static string Shown(string delimiter) => delimiter.Replace("\t", "\\t", StringComparison.Ordinal);

    private CsvDataException Error(string problem) => new(problem, file, options.HasHeader ? 1 : null);
}
