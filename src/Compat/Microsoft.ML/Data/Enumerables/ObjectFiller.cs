using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Writes the columns of a row into the members of objects.</summary>
internal sealed class ObjectFiller<TRow>
    where TRow : class, new()
{
    private readonly (MemberInfo Member, DataViewSchema.Column Column)[] _columns;

    public ObjectFiller(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        var columns = new List<(MemberInfo, DataViewSchema.Column)>();
        foreach ((MemberInfo member, DataViewSchema.DetachedColumn wanted) in RowMember.Bind(typeof(TRow), definition))
        {
            if (schema.GetColumnOrNull(wanted.Name) is { } column)
            {
                CheckType(member, column);
                columns.Add((member, column));
            }
            else if (!ignoreMissingColumns)
            {
                throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find column '{wanted.Name}'");
            }
        }

        _columns = [.. columns];
    }

    public IEnumerable<DataViewSchema.Column> Columns => _columns.Select(column => column.Column);

    /// <summary>An action that copies the row's current values into an object.</summary>
    public Action<TRow> CreateFill(DataViewRow row)
    {
        Action<TRow>[] fills = [.. _columns.Select(column => CreateFill(row, column.Member, column.Column))];
        return target =>
        {
            foreach (Action<TRow> fill in fills)
            {
                fill(target);
            }
        };
    }

    private static void CheckType(MemberInfo member, DataViewSchema.Column column)
    {
        (Type item, bool isVector) = RowMember.RawTypeOf(member);
        if (isVector != column.Type is VectorDataViewType || DataViewTypes.ItemType(column.Type).RawType != item)
        {
            throw new InvalidOperationException($"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property '{member.Name}' of type '{RowMember.MemberType(member).FullName}'.");
        }
    }

    private static Action<TRow> CreateFill(DataViewRow row, MemberInfo member, DataViewSchema.Column column)
    {
        Type memberType = RowMember.MemberType(member);
        (string filler, Type argument) = memberType switch
        {
            _ when memberType == typeof(string) => (nameof(FillText), null),
            _ when memberType == typeof(string[]) => (nameof(FillTextArray), null),
            { IsArray: true } => (nameof(FillArray), memberType.GetElementType()),
            _ when column.Type is VectorDataViewType vector => (nameof(FillVector), vector.ItemType.RawType),
            _ => (nameof(FillScalar), column.Type.RawType),
        };
        return argument is null
            ? filler == nameof(FillText) ? FillText(row, member, column) : FillTextArray(row, member, column)
            : (Action<TRow>)Generic.Call(typeof(ObjectFiller<TRow>), filler, argument, row, member, column);
    }

    private static Action<TRow> FillScalar<T>(DataViewRow row, MemberInfo member, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        Action<TRow, T> set = MemberAccess.Setter<TRow, T>(member);
        T value = default;
        return target =>
        {
            getter(ref value);
            set(target, value);
        };
    }

    private static Action<TRow> FillText(DataViewRow row, MemberInfo member, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        Action<TRow, string> set = MemberAccess.Setter<TRow, string>(member);
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            getter(ref value);
            set(target, value.ToString());
        };
    }

    private static Action<TRow> FillTextArray(DataViewRow row, MemberInfo member, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        Action<TRow, string[]> set = MemberAccess.Setter<TRow, string[]>(member);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            getter(ref value);
            set(target, [.. value.DenseValues().Select(text => text.ToString())]);
        };
    }

    // An array that the object already has is reused when it has the right length.
    private static Action<TRow> FillArray<T>(DataViewRow row, MemberInfo member, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        Func<TRow, T[]> get = MemberAccess.Getter<TRow, T[]>(member);
        Action<TRow, T[]> set = MemberAccess.Setter<TRow, T[]>(member);
        VBuffer<T> value = default;
        return target =>
        {
            getter(ref value);
            T[] items = get(target);
            if (items?.Length != value.Length)
            {
                items = new T[value.Length];
            }

            value.CopyTo(items);
            set(target, items);
        };
    }

    private static Action<TRow> FillVector<T>(DataViewRow row, MemberInfo member, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        Func<TRow, VBuffer<T>> get = MemberAccess.Getter<TRow, VBuffer<T>>(member);
        Action<TRow, VBuffer<T>> set = MemberAccess.Setter<TRow, VBuffer<T>>(member);
        return target =>
        {
            VBuffer<T> value = get(target);
            getter(ref value);
            set(target, value);
        };
    }
}
