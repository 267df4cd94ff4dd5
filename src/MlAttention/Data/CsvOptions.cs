using System.Globalization;
using System.Text;
using MlAttention.Validation;

namespace MlAttention.Data;

/// <summary>How CSV files become a data view. The defaults read a comma-separated UTF-8 file with the header Text,Label.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first row holds the columns' names.</summary>
    /// <value>Default true. Without a header, columns are given by index.</value>
    public bool HasHeader { get; init; } = true;

    /// <summary>The columns whose texts, joined, are a row's text.</summary>
    /// <value>At least one column; default "Text".</value>
    public IReadOnlyList<CsvColumn> TextColumns { get; init; } = ["Text"];

    /// <summary>What stands between the texts of several columns; an empty cell adds nothing.</summary>
    /// <value>Default one space.</value>
    public string TextSeparator { get; init; } = " ";

    /// <summary>The column with the label, or null for rows without one.</summary>
    /// <value>Default "Label".</value>
    public CsvColumn? LabelColumn { get; init; } = "Label";

    /// <summary>How the label is read.</summary>
    /// <value>Default <see cref="CsvLabelKind.Text"/>.</value>
    public CsvLabelKind LabelKind { get; init; } = CsvLabelKind.Text;

    /// <summary>The column with the row's weight, a finite number of 0 or more, or null for none.</summary>
    /// <value>Default null.</value>
    public CsvColumn? WeightColumn { get; init; }

    /// <summary>
    /// Further columns, kept as texts under their names in the header, or "Column" and the index: a group that stays on one side
    /// of a split (samplingKeyColumnName), or an identifier.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyList<CsvColumn> KeptColumns { get; init; } = [];

    /// <summary>Name of the data view's text column.</summary>
    /// <value>Default "Text".</value>
    public string TextColumnName { get; init; } = "Text";

    /// <summary>Name of the data view's label column.</summary>
    /// <value>Default "Label".</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Name of the data view's weight column.</summary>
    /// <value>Default "Weight".</value>
    public string WeightColumnName { get; init; } = "Weight";

    /// <summary>What separates fields.</summary>
    /// <value>At least one character; default ",".</value>
    public string Delimiter { get; init; } = ",";

    /// <summary>The quote around fields that hold delimiters, line breaks or quotes; null when the file quotes nothing.</summary>
    /// <value>Default '"'.</value>
    public char? Quote { get; init; } = '"';

    /// <summary>Whether white space around labels, further columns and the names in the header is left out; texts stay as they are.</summary>
    /// <value>Default false: "refund" and "refund " are two labels.</value>
    public bool Trim { get; init; }

    /// <summary>How numbers are written.</summary>
    /// <value>Default the invariant culture: a decimal point.</value>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>The encoding of files without a byte order mark; bytes that it does not allow make the row a bad one.</summary>
    /// <value>Default null, UTF-8.</value>
    public Encoding? Encoding { get; init; }

    /// <summary>What happens to bad rows.</summary>
    /// <value>Default <see cref="BadRowPolicy.Throw"/>.</value>
    public BadRowPolicy BadRows { get; init; } = BadRowPolicy.Throw;

    /// <summary>Longest field; a longer one is taken for a quote that was never closed.</summary>
    /// <value>At least 1 character; default 1,000,000.</value>
    public int MaxFieldLength { get; init; } = 1_000_000;

    /// <summary>What errors call these options.</summary>
    internal CsvTerms Terms { get; init; } = new();

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(CsvOptions));
        errors.Require(TextColumns.Count > 0, nameof(TextColumns), "[]", "must name at least one column");
        errors.Require(Enum.IsDefined(LabelKind), nameof(LabelKind), LabelKind, "is not a kind of label");
        errors.Require(Enum.IsDefined(BadRows), nameof(BadRows), BadRows, "is not a policy");
        errors.Require(!string.IsNullOrEmpty(Delimiter), nameof(Delimiter), $"\"{Delimiter}\"", "must have at least one character");
        errors.Require(Quote is null || Delimiter is null || !Delimiter.Contains(Quote.Value, StringComparison.Ordinal), nameof(Quote), Quote, "must differ from the delimiter");
        errors.Require(MaxFieldLength >= 1, nameof(MaxFieldLength), MaxFieldLength, "must be at least 1 character");
        RequireNames(errors);
        if (!HasHeader)
            foreach (var column in TextColumns.Append(LabelColumn).Append(WeightColumn).Concat(KeptColumns).Where(column => column?.Name is not null))
                errors.Require(false, nameof(HasHeader), HasHeader, $"column {column} is given by name; without a header give its 0-based index");
        errors.ThrowIfAny();
    }

    private void RequireNames(OptionErrors errors)
    {
        string?[] names = [TextColumnName, LabelColumn is null ? null : LabelColumnName, WeightColumn is null ? null : WeightColumnName, .. KeptColumns.Select(column => column.OutputName)];
        var used = names.Where(name => name is not null).ToArray();
        errors.Require(used.All(name => name!.Length > 0), nameof(TextColumnName), TextColumnName, "names of the data view's columns must not be empty");
        errors.Require(used.Distinct(StringComparer.Ordinal).Count() == used.Length, nameof(TextColumnName), string.Join(", ", used), "names of the data view's columns must differ");
    }
}
