namespace Microsoft.ML.Data;

/// <summary>How columns of one item type are joined into a vector.</summary>
internal sealed class ConcatenationMapping : RowMapping
{
    private readonly DataViewSchema.Column[] _inputs;
    private readonly PrimitiveDataViewType _itemType;

    public ConcatenationMapping(DataViewSchema inputSchema, string output, DataViewSchema.Column[] inputs, PrimitiveDataViewType itemType)
        : base(inputSchema)
    {
        _inputs = inputs;
        _itemType = itemType;
        AddedColumns = [IsCopy
            ? new DataViewSchema.DetachedColumn(output, inputs[0].Type, inputs[0].Annotations)
            : new DataViewSchema.DetachedColumn(output, new VectorDataViewType(itemType, TotalSize()), Annotations())];
    }

    public override IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; }

    private bool IsCopy => _inputs is [{ Type: VectorDataViewType }];

    public override IEnumerable<int> DependenciesOf(int added) => _inputs.Select(input => input.Index);

    public override Delegate CreateGetter(DataViewRow input, int added) => IsCopy
        ? Generic.GetGetter(input, _inputs[0])
        : (Delegate)Generic.Call(typeof(ConcatenationMapping), nameof(CreateGetterOf), _itemType.RawType, input, _inputs);

    private static ValueGetter<VBuffer<T>> CreateGetterOf<T>(DataViewRow row, DataViewSchema.Column[] inputs)
    {
        Action<List<T>>[] parts = [.. inputs.Select(input => input.Type is VectorDataViewType vector ? VectorPart<T>(row, input, vector) : ScalarPart<T>(row, input))];
        var items = new List<T>();
        return (ref VBuffer<T> destination) =>
        {
            items.Clear();
            foreach (Action<List<T>> part in parts)
            {
                part(items);
            }

            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, items.Count);
            items.CopyTo(editor.Values);
            destination = editor.Commit();
        };
    }

    private static Action<List<T>> ScalarPart<T>(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<T> getter = row.GetGetter<T>(input);
        T value = default;
        return items =>
        {
            getter(ref value);
            items.Add(value);
        };
    }

    private static Action<List<T>> VectorPart<T>(DataViewRow row, DataViewSchema.Column input, VectorDataViewType type)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(input);
        VBuffer<T> value = default;
        return items =>
        {
            getter(ref value);
            if (type.IsKnownSize && value.Length != type.Size)
            {
                throw new InvalidOperationException($"Column '{input.Name}': expected {type.Size} slots, but got {value.Length}");
            }

            items.AddRange(value.DenseValues());
        };
    }

    // 0, a size that differs from row to row, as soon as one part has it.
    private int TotalSize()
    {
        int[] sizes = [.. _inputs.Select(input => input.Type is VectorDataViewType vector ? vector.Size : 1)];
        return sizes.Contains(0) ? 0 : sizes.Sum();
    }

    private DataViewSchema.Annotations Annotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (_itemType is NumberDataViewType && _inputs.All(input => input.IsNormalized()))
        {
            annotations.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        }

        if (TotalSize() > 0 && _inputs.Any(input => input.Type is not VectorDataViewType || input.HasSlotNames()))
        {
            annotations.AddValues(AnnotationKinds.SlotNames, TextDataViewType.Instance, [.. _inputs.SelectMany(SlotNames)]);
        }

        return annotations.ToAnnotations();
    }

    private static IEnumerable<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column input)
    {
        if (input.Type is not VectorDataViewType vector)
        {
            return [input.Name.AsMemory()];
        }

        if (!input.HasSlotNames())
        {
            return Enumerable.Repeat(ReadOnlyMemory<char>.Empty, vector.Size);
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        input.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.IsEmpty ? name : $"{input.Name}.{name}".AsMemory());
    }
}
