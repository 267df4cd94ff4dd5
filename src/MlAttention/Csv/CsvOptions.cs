using System.Text;

namespace MlAttention;

/// <summary>How CSV files become a data view. The defaults read a comma-separated UTF-8 file with the header Text,Label.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first row holds the columns' names.</summary>
    /// <value>Default true. Without a header, columns are given by index.</value>
    public bool HasHeader { get; init; } = true;

    /// <summary>The columns whose texts, joined or apart as <see cref="JoinTexts"/> says, are a row's text.</summary>
    /// <value>At least one column; default "Text".</value>
    public IReadOnlyList<CsvColumn> TextColumns { get; init; } = ["Text"];

    /// <summary>What stands between the texts of several columns that are joined; an empty cell adds nothing.</summary>
    /// <value>Default one space.</value>
    public string TextSeparator { get; init; } = " ";

    /// <summary>
    /// Whether the texts of several columns are joined to the one column <see cref="TextColumnName"/>. Otherwise each is a column of its own,
    /// under its name in the header, or "Column" and the index: for TokenizeSequence of several columns.
    /// </summary>
    /// <value>Default true.</value>
    public bool JoinTexts { get; init; } = true;

    /// <summary>The column with the label, or null for rows without one.</summary>
    /// <value>Default "Label".</value>
    public CsvColumn? LabelColumn { get; init; } = "Label";

    /// <summary>How the label is read.</summary>
    /// <value>Default <see cref="CsvLabelKind.Text"/>.</value>
    public CsvLabelKind LabelKind { get; init; } = CsvLabelKind.Text;

    /// <summary>
    /// What separates the labels in a cell of the label's column, where rows have none to several: the data view's label is a vector of texts
    /// then. An empty cell has none; nothing between two separators is no label.
    /// </summary>
    /// <value>Default null: a cell is one label. Often "|".</value>
    public string? LabelSeparator { get; init; }

    /// <summary>
    /// In place of <see cref="LabelColumn"/>, a column for each label, with 1 (true, yes) in rows that have it and 0 (false, no) in others: the
    /// data view's label is a vector of the names of those that a row has.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyList<CsvColumn> LabelColumns { get; init; } = [];

    /// <summary>Whether rows have none to several labels.</summary>
    internal bool HasSeveralLabels => LabelColumns.Count > 0 || (LabelColumn is not null && LabelSeparator is not null);

    /// <summary>Whether the data view has a label.</summary>
    internal bool HasLabel => LabelColumn is not null || LabelColumns.Count > 0;

    /// <summary>The column with the row's weight, a finite number of 0 or more, or null for none.</summary>
    /// <value>Default null.</value>
    public CsvColumn? WeightColumn { get; init; }

    /// <summary>
    /// Further columns, kept as texts under their names in the header, or "Column" and the index: a group that stays on one side
    /// of a split (samplingKeyColumnName), or an identifier.
    /// </summary>
    /// <value>Default none.</value>
    public IReadOnlyList<CsvColumn> KeptColumns { get; init; } = [];

    /// <summary>Name of the data view's text column where texts are joined.</summary>
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

    /// <summary>The columns that the data view has under names of their own.</summary>
    internal IReadOnlyList<CsvColumn> OwnColumns => JoinTexts ? KeptColumns : [.. TextColumns.Select(column => column with { IsText = true }), .. KeptColumns];

    /// <summary>What errors call these options.</summary>
    internal CsvTerms Terms { get; init; } = new();

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(CsvOptions));
        errors.Require(TextColumns.Count > 0, nameof(TextColumns), "[]", "must name at least one column");
        errors.Require(Enum.IsDefined(LabelKind), nameof(LabelKind), LabelKind, "is not a kind of label");
        errors.Require(LabelSeparator is not "", nameof(LabelSeparator), "\"\"", "must have at least one character, or be null");
        errors.Require(LabelColumns.Count == 0 || LabelSeparator is null, nameof(LabelSeparator), LabelSeparator, "separates the labels of LabelColumn, and LabelColumns has a column for each label; give one of the two");
        errors.Require(!HasSeveralLabels || LabelKind == CsvLabelKind.Text, nameof(LabelKind), LabelKind, "goes with one label for each row; several are texts");
        errors.Require(Enum.IsDefined(BadRows), nameof(BadRows), BadRows, "is not a policy");
        errors.Require(!string.IsNullOrEmpty(Delimiter), nameof(Delimiter), $"\"{Delimiter}\"", "must have at least one character");
        errors.Require(Quote is null || Delimiter is null || !Delimiter.Contains(Quote.Value, StringComparison.Ordinal), nameof(Quote), Quote, "must differ from the delimiter");
        errors.Require(MaxFieldLength >= 1, nameof(MaxFieldLength), MaxFieldLength, "must be at least 1 character");
        RequireNames(errors);
        if (!HasHeader)
            foreach (var column in TextColumns.Append(LabelColumns.Count > 0 ? null : LabelColumn).Append(WeightColumn).Concat(LabelColumns).Concat(KeptColumns).Where(column => column?.Name is not null))
                errors.Require(false, nameof(HasHeader), HasHeader, $"column {column} is given by name; without a header give its 0-based index");
        errors.ThrowIfAny();
    }

    private void RequireNames(OptionErrors errors)
    {
        string?[] names = [JoinTexts ? TextColumnName : null, !HasLabel ? null : LabelColumnName, WeightColumn is null ? null : WeightColumnName, .. OwnColumns.Select(column => column.OutputName)];
        var used = names.Where(name => name is not null).ToArray();
        errors.Require(used.All(name => name!.Length > 0), nameof(TextColumnName), TextColumnName, "names of the data view's columns must not be empty");
        errors.Require(used.Distinct(StringComparer.Ordinal).Count() == used.Length, nameof(TextColumnName), string.Join(", ", used), "names of the data view's columns must differ");
    }
}

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

    /// <summary>Whether it is a text, of which <see cref="CsvOptions.Trim"/> leaves nothing out.</summary>
    internal bool IsText { get; init; }

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

/// <summary>How the label's column is read.</summary>
public enum CsvLabelKind
{
    /// <summary>As text; an empty cell is a missing label.</summary>
    Text,
    /// <summary>As a number (Single) of the options' culture; an empty cell is NaN, a missing label.</summary>
    Number,
    /// <summary>As a Boolean: true/false, yes/no or 1/0 in any case; an empty cell is an error, because a Boolean cannot be missing.</summary>
    Boolean,
}

/// <summary>What happens to a row of a CSV file that cannot be read as the options say.</summary>
public enum BadRowPolicy
{
    /// <summary>Reading stops with a <see cref="CsvDataException"/> that names the file, the row and the column.</summary>
    Throw,
    /// <summary>The row is left out and counted; the log tells the number and the first reason.</summary>
    Skip,
}
