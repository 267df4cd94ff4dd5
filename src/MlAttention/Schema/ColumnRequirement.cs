namespace MlAttention.Schema;

/// <summary>What a component needs of an input column; checked against shapes before training and against schemas before transforming.</summary>
/// <param name="Role">What the column is to the component: "input", "label", "example weight".</param>
/// <param name="Name">The column's name.</param>
/// <param name="Expected">What is needed, as the error tells it.</param>
/// <param name="Accepts">Whether a column's shape will do.</param>
/// <param name="Hint">What to do about a shape that will not do, or null when nothing is sure to help.</param>
internal sealed record ColumnRequirement(string Role, string Name, string Expected, Func<SchemaShape.Column, bool> Accepts, Func<SchemaShape.Column, string?> Hint)
{
    /// <summary>A column of texts.</summary>
    public static ColumnRequirement Text(string role, string name) => new(role, name, "String",
        column => IsScalar(column) && IsText(column),
        column => IsScalar(column) ? (column.IsKey ? "use MapKeyToValue" : "use ConvertType") : IsText(column) ? "name the column of the texts, which need not be split before" : null);

    /// <summary>A column of the words of texts.</summary>
    public static ColumnRequirement Words(string role, string name) => new(role, name, "VarVector<String>, the words of a text",
        column => !IsScalar(column) && IsText(column),
        column => IsText(column) ? "use TokenizeSequence for texts that are not split into words" : column.IsKey ? "use MapKeyToValue" : null);

    /// <summary>A column of sequences: a vector of keys, of fixed or variable length.</summary>
    public static ColumnRequirement Sequence(string role, string name) => new(role, name, "VarVector<Key<UInt32>>, a sequence of keys",
        column => column.IsKey && !IsScalar(column),
        column => !IsScalar(column) ? "use MapValueToKey" : IsText(column) ? "use TokenizeSequence" : "name the column that TokenizeSequence makes");

    /// <summary>A column of one value of a type.</summary>
    public static ColumnRequirement Plain(string role, string name, PrimitiveDataViewType type) => new(role, name, type.ToString()!,
        column => IsScalar(column) && !column.IsKey && column.ItemType.Equals(type),
        column => IsScalar(column) ? (column.IsKey ? "use MapKeyToValue" : "use ConvertType") : OneEach(role));

    /// <summary>A column of one key.</summary>
    public static ColumnRequirement Key(string role, string name) => new(role, name, "Key",
        column => column.IsKey && IsScalar(column),
        column => IsScalar(column) ? "use MapValueToKey" : OneEach(role));

    /// <summary>A column of one key or one Boolean.</summary>
    public static ColumnRequirement KeyOrBoolean(string role, string name) => new(role, name, "Boolean or a key of 2 values",
        column => IsScalar(column) && (column.IsKey || column.ItemType is BooleanDataViewType),
        column => IsScalar(column) ? "use MapValueToKey" : OneEach(role));

    /// <summary>A column of several keys.</summary>
    public static ColumnRequirement Keys(string role, string name) => new(role, name, "VarVector<Key>, several keys",
        column => column.IsKey && !IsScalar(column),
        column => IsScalar(column) ? $"name a column with a vector of {role}s in each row" : "use MapValueToKey");

    /// <summary>A column of where words begin among a sequence's tokens.</summary>
    public static ColumnRequirement WordStarts(string role, string name) => new(role, name, "VarVector<UInt32>, where words begin",
        column => !column.IsKey && !IsScalar(column) && column.ItemType.Equals(NumberDataViewType.UInt32),
        _ => "name the column that TokenizeWords makes");

    /// <summary>A column of the scores of all classes.</summary>
    public static ColumnRequirement Scores(string role, string name) => new(role, name, "Vector<Single>, the score of each class",
        column => column.Kind == SchemaShape.Column.VectorKind.Vector && IsSingle(column), _ => null);

    /// <summary>A column of one number.</summary>
    public static ColumnRequirement Number(string role, string name) => new(role, name, "Single",
        column => IsScalar(column) && IsSingle(column),
        column => !IsScalar(column) ? OneEach(role) : column.IsKey ? "use MapKeyToValue" : "use ConvertType");

    /// <summary>A column of one value that tells which rows belong together.</summary>
    public static ColumnRequirement Group(string role, string name) => new(role, name, "String, Key or Single",
        column => IsScalar(column) && (column.IsKey || IsText(column) || IsSingle(column)),
        column => IsScalar(column) ? "use MapValueToKey" : OneEach(role));

    /// <summary>A column of token vectors: a variable vector of numbers.</summary>
    public static ColumnRequirement TokenVectors(string role, string name) => new(role, name, "VarVector<Single>, the vectors of a sequence's tokens",
        column => column.Kind == SchemaShape.Column.VectorKind.VariableVector && IsSingle(column),
        column => IsText(column) ? "use TokenizeSequence, then EmbedTokens" : column.IsKey && !IsScalar(column) ? "use EmbedTokens" : null);

    /// <summary>The column in a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public SchemaShape.Column Check(SchemaShape inputSchema)
    {
        var column = SchemaShapes.Find(inputSchema, Name) ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), Missing(inputSchema.Select(other => other.Name)));
        return Accepts(column) ? column : throw new ArgumentOutOfRangeException(nameof(inputSchema),
            $"Schema mismatch for {Role} column '{Name}': expected {Expected}, got {TypeName(column)}{(Hint(column) is { } hint ? $" ({hint})" : "")}");
    }

    /// <summary>The column in a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public DataViewSchema.Column Check(DataViewSchema inputSchema)
    {
        var column = inputSchema.GetColumnOrNull(Name) ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), Missing(inputSchema.Where(other => !other.IsHidden).Select(other => other.Name)));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Name, column.Type);
        Check(SchemaShapes.Of(builder.ToSchema()));
        return column;
    }

    private static bool IsScalar(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar;

    private static bool IsText(SchemaShape.Column column) => column is { IsKey: false, ItemType: TextDataViewType };

    private static bool IsSingle(SchemaShape.Column column) => !column.IsKey && column.ItemType.Equals(NumberDataViewType.Single);

    private static string OneEach(string role) => $"name a column with one {role} in each row";

    private string Missing(IEnumerable<string> present) =>
        $"Could not find {Role} column '{Name}'; the columns are {string.Join(", ", present.Select(name => $"'{name}'"))}";

    private static string TypeName(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString();
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"VarVector<{item}>",
            _ => item!,
        };
    }
}
