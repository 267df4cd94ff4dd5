namespace MlAttention.Schema;

/// <summary>What the keys of a column stand for: one value for each key, of any simple type.</summary>
internal abstract class KeyValues
{
    /// <summary>What to do about keys that are not those of training.</summary>
    public const string Advice = "Make the column with the fitted pipeline that made the training data, not with one that was fitted anew.";

    /// <summary>The types that values may have had before MapValueToKey.</summary>
    private static readonly KeyValueType[] Types =
    [
        new KeyValueType<ReadOnlyMemory<char>>(TextDataViewType.Instance, text => text.ToString(), text => text.AsMemory()),
        new KeyValueType<bool>(BooleanDataViewType.Instance),
        new KeyValueType<float>(NumberDataViewType.Single),
        new KeyValueType<double>(NumberDataViewType.Double),
        new KeyValueType<sbyte>(NumberDataViewType.SByte),
        new KeyValueType<byte>(NumberDataViewType.Byte),
        new KeyValueType<short>(NumberDataViewType.Int16),
        new KeyValueType<ushort>(NumberDataViewType.UInt16),
        new KeyValueType<int>(NumberDataViewType.Int32),
        new KeyValueType<uint>(NumberDataViewType.UInt32),
        new KeyValueType<long>(NumberDataViewType.Int64),
        new KeyValueType<ulong>(NumberDataViewType.UInt64),
    ];

    /// <summary>What the classes of a Boolean label stand for: false, then true.</summary>
    public static KeyValues Booleans { get; } = new KeyValueType<bool>(BooleanDataViewType.Instance).FromTexts([bool.FalseString, bool.TrueString]);

    /// <summary>The values when they are texts, or null.</summary>
    public abstract IReadOnlyList<string>? Texts { get; }

    /// <summary>All values as texts of the invariant culture.</summary>
    public abstract IReadOnlyList<string> Formatted { get; }

    /// <summary>Checks that the keys of another column stand for the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key stands for something else; the message tells the first one.</exception>
    public void RequireSame(KeyValues others, string role, string columnName)
    {
        if (FirstDifference(others.Formatted) is { } difference)
            throw new ArgumentOutOfRangeException(nameof(others), $"Schema mismatch for {role} column '{columnName}': expected the keys of training, got others: {difference}. {Advice}");
    }

    /// <summary>The first key that stands for something else, in words; null when all stand for the same.</summary>
    public string? FirstDifference(IReadOnlyList<string> others)
    {
        var values = Formatted;
        for (var i = 0; i < Math.Max(values.Count, others.Count); i++)
        {
            var (own, other) = (values.ElementAtOrDefault(i), others.ElementAtOrDefault(i));
            if (own != other) return string.Create(CultureInfo.InvariantCulture, $"key {i + 1} is {Quoted(other)}, where training had {Quoted(own)}");
        }

        return null;
    }

    /// <summary>Adds the values as an annotation.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string kind);

    /// <summary>The key values of a label's column, or null when it has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are of another type than texts, numbers and Booleans.</exception>
    public static KeyValues? OfLabel(DataViewSchema.Column label) => AnnotatedType(label) is { } type
        ? (Find(type) ?? throw UnknownLabels(label.Name, type)).FromColumn(label)
        : null;

    /// <summary>The key values of a sequence's column, or null when it has none whose type is known.</summary>
    public static KeyValues? OfSequence(DataViewSchema.Column tokens) => AnnotatedType(tokens) is { } type ? Find(type)?.FromColumn(tokens) : null;

    /// <summary>Some values of the type that a label's shape tells, or null when it tells none.</summary>
    public static KeyValues? ExampleOf(SchemaShape.Column label) =>
        SchemaShapes.Find(label.Annotations, AnnotationKinds.KeyValues) is { Kind: SchemaShape.Column.VectorKind.Vector, ItemType: PrimitiveDataViewType type }
            ? (Find(type) ?? throw UnknownLabels(label.Name, type)).Example(2)
            : null;

    /// <summary>These values, then those that a column adds: a view with the column Value, for keyData of MapValueToKey.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or its values are of another type.</exception>
    public abstract IDataView Union(MLContext context, IDataView data, string columnName);

    /// <summary>Adds the values to a component's state.</summary>
    public void Write(ComponentState state, string name)
    {
        state.Add(TypeNameOf(name), DataType.ToString()!);
        state.Add(name, Formatted);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, or null when there is none.</summary>
    /// <param name="state">The component's state.</param>
    /// <param name="name">The values' name in the state.</param>
    /// <param name="what">What the values are, for errors.</param>
    /// <param name="count">How many there must be.</param>
    /// <exception cref="InvalidDataException">The values are damaged, or there are more or fewer of them.</exception>
    public static KeyValues? Read(ComponentState state, string name, string what, int count)
    {
        if (!state.Has(name)) return null;
        var typeName = state.TakeText(TypeNameOf(name));
        var type = Array.Find(Types, type => type.DataType.ToString() == typeName) ?? throw new InvalidDataException($"The model's {what} have the unknown type '{typeName}'.");
        var texts = state.TakeTexts(name);
        return texts.Length == count ? type.FromTexts(texts) : throw new InvalidDataException($"The model has {texts.Length} {what}; its sizes need {count}.");
    }

    private protected abstract PrimitiveDataViewType DataType { get; }

    private static string TypeNameOf(string name) => name + "Type";

    private static string Quoted(string? value) => value is null ? "missing" : $"'{value}'";

    private static PrimitiveDataViewType? AnnotatedType(DataViewSchema.Column column) =>
        (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type as VectorDataViewType)?.ItemType;

    private static KeyValueType? Find(PrimitiveDataViewType type) => Array.Find(Types, known => known.DataType.Equals(type));

    private static ArgumentOutOfRangeException UnknownLabels(string column, PrimitiveDataViewType type) => new(nameof(column),
        $"Schema mismatch for label column '{column}': expected keys that stand for texts, numbers or Booleans, got keys that stand for {type}");
}

/// <summary>One type of key values.</summary>
internal abstract class KeyValueType(PrimitiveDataViewType dataType)
{
    public PrimitiveDataViewType DataType => dataType;

    public abstract KeyValues FromColumn(DataViewSchema.Column column);

    public abstract KeyValues FromTexts(string[] texts);

    public abstract KeyValues Example(int count);
}

/// <summary>Key values of type <typeparamref name="T"/>; in a model file they are texts of the invariant culture.</summary>
internal sealed class KeyValueType<T>(PrimitiveDataViewType dataType, Func<T, string> format, Func<string, T> parse) : KeyValueType(dataType)
{
    public KeyValueType(PrimitiveDataViewType dataType)
        : this(dataType, value => Convert.ToString(value, CultureInfo.InvariantCulture)!, text => (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture)) { }

    public override KeyValues FromColumn(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return new Values(this, [.. values.DenseValues()]);
    }

    public override KeyValues FromTexts(string[] texts) => new Values(this, [.. texts.Select(parse)]);

    public override KeyValues Example(int count) => new Values(this, new T[count]);

    private sealed class Values(KeyValueType<T> type, T[] values) : KeyValues
    {
        private readonly T[] _values = values;
        private string[]? _formatted;

        public override IReadOnlyList<string> Formatted => _formatted ??= [.. _values.Select(value => type.Format(value))];

        public override IReadOnlyList<string>? Texts => type.DataType is TextDataViewType ? Formatted : null;

        public override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) => builder.AddVector(kind, type.DataType, _values);

        public override IDataView Union(MLContext context, IDataView data, string columnName)
        {
            ColumnRequirement.Plain("label", columnName, type.DataType).Check(data.Schema);
            var keys = context.Transforms.Conversion.MapValueToKey(columnName).Fit(data).Transform(data).Schema[columnName];
            var added = ((Values)type.FromColumn(keys))._values.ExceptBy(Formatted, type.Format, StringComparer.Ordinal);
            return context.Data.LoadFromEnumerable<Row>([.. _values.Concat(added).Select(value => new Row { Value = value })]);
        }

        private sealed class Row
        {
            public T Value { get; set; } = default!;
        }

        private protected override PrimitiveDataViewType DataType => type.DataType;
    }

    private string Format(T value) => format(value);
}
