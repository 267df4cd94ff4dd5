namespace MlAttention.Rows;

/// <summary>A transformer applied to an input schema: the output schema, and which input columns the outputs need.</summary>
internal sealed class SchemaBinding
{
    private readonly HashSet<int> _inputsOfTransformer;

    public SchemaBinding(SequenceTransformer transformer, DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var outputs = transformer.GetOutputColumns(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);      // all of them, hidden ones too: indexes stay
        builder.AddColumns(outputs);
        Input = input;
        Output = builder.ToSchema();
        _inputsOfTransformer = [.. transformer.InputColumnNames.Select(name => input[name].Index)];
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    /// <summary>Index of the first column that the transformer adds.</summary>
    public int FirstAdded => Input.Count;

    /// <summary>Which columns are wanted, by index, and whether any of them is the transformer's.</summary>
    public bool[] Activate(IEnumerable<DataViewSchema.Column> columns, out bool anyAdded)
    {
        var active = new bool[Output.Count];
        foreach (var column in columns)
        {
            if (column.Index >= active.Length || Output[column.Index].Name != column.Name)
                throw new ArgumentException($"Column '{column.Name}' with index {column.Index} is not in this schema.", nameof(columns));
            active[column.Index] = true;
        }

        anyAdded = active.AsSpan(FirstAdded).Contains(true);
        return active;
    }

    /// <summary>The input columns that give the active ones.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(bool[] active, bool anyAdded) =>
        Input.Where(column => active[column.Index] || anyAdded && _inputsOfTransformer.Contains(column.Index));

    /// <summary>Throws unless the column is active.</summary>
    public static void RequireActive(bool[] active, DataViewSchema.Column column)
    {
        if (column.Index >= active.Length || !active[column.Index])
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active; name it when asking for the cursor.");
    }

    /// <summary>The getter as one of <typeparamref name="TValue"/>.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"Column '{column.Name}' of type {column.Type} cannot be read as {typeof(TValue)}.");
}
