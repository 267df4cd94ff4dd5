namespace MlAttention.Schema;

/// <summary>The keys that a fitted component knows: how many, and what they stand for where the training data's KeyValues told it. Thread-safe.</summary>
internal sealed class FittedVocabulary(int size, KeyValues? values)
{
    /// <summary>Most numbers in an embedding: a model file holds 2 GB of weights.</summary>
    private const long MaxNumbers = 500_000_000;

    private const string Role = "tokens", SizeName = "vocabularySize", ValuesName = "vocabulary";

    /// <summary>The annotations that were compared last: views over one tokenizer share theirs, so each vocabulary is compared once.</summary>
    private volatile DataViewSchema.Annotations? _verified;

    /// <summary>Number of keys V.</summary>
    public int Size => size;

    /// <summary>What the keys stand for, or null when nothing said so.</summary>
    public KeyValues? Values => values;

    /// <summary>What the rows of an embedding of these keys stand for.</summary>
    public RowNames Names => new(values?.Formatted, null);

    /// <summary>The vocabulary of a sequence's column, when vectors of this width can be had for all of its keys.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The embedding would be too large.</exception>
    public static FittedVocabulary Of(DataViewSchema.Column column, int width)
    {
        var count = column.KeyCount();
        return (count + 3L) * width <= MaxNumbers ? new FittedVocabulary(count, KeyValues.OfSequence(column)) : throw new ArgumentOutOfRangeException(nameof(column), string.Create(CultureInfo.InvariantCulture,
            $"Column '{column.Name}' has {count} keys; {count} vectors of width {width} are more than the {MaxNumbers} numbers that an embedding may have. Use a smaller vocabulary (MaxSize of TokenizeSequence, fewer bits in Hash) or a smaller width."));
    }

    /// <summary>The sequence's column in a schema, with this vocabulary.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or has another vocabulary.</exception>
    public DataViewSchema.Column Check(DataViewSchema inputSchema, string columnName)
    {
        var column = ColumnRequirement.Sequence(Role, columnName).Check(inputSchema);
        Check(column);
        return column;
    }

    /// <summary>Checks that a sequence's column has this vocabulary, as far as its KeyValues tell.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column has another vocabulary.</exception>
    public void Check(DataViewSchema.Column column)
    {
        if (column.KeyCount() != size)
            throw new ArgumentOutOfRangeException(nameof(column), string.Create(CultureInfo.InvariantCulture,
                $"Schema mismatch for {Role} column '{column.Name}': expected VarVector<Key<UInt32, 0-{size - 1}>>, got {column.Type}. {KeyValues.Advice}"));
        if (values is null || ReferenceEquals(column.Annotations, _verified)) return;

        if (KeyValues.OfSequence(column) is { } others) values.RequireSame(others, Role, column.Name);
        _verified = column.Annotations;
    }

    public void Write(ComponentState state)
    {
        state.Add(SizeName, size);
        values?.Write(state, ValuesName);
    }

    /// <exception cref="InvalidDataException">The size is impossible, or there are more or fewer values.</exception>
    public static FittedVocabulary Read(ComponentState state)
    {
        var size = state.TakeInt32(SizeName);
        if (size is < 1 or > int.MaxValue - 3) throw new InvalidDataException($"The model claims a vocabulary of {size} keys.");
        return new FittedVocabulary(size, KeyValues.Read(state, ValuesName, "values of its keys", size));
    }
}
