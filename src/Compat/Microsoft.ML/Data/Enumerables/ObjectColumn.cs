using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member of row objects as a column: makes getters that follow the current object.</summary>
internal static class ObjectColumn
{
    /// <summary>A function from the current object's source to a getter of the column.</summary>
    public static Func<Func<TRow>, Delegate> Reader<TRow>(MemberInfo member, DataViewType type)
    {
        Type memberType = RowMember.MemberType(member);
        (string reader, Type argument) = (type, memberType) switch
        {
            (_, _) when memberType == typeof(string) => (nameof(TextReader), null),
            (_, _) when memberType == typeof(string[]) => (nameof(TextArrayReader), null),
            (_, { IsArray: true }) => (nameof(ArrayReader), memberType.GetElementType()),
            (VectorDataViewType vector, _) => (nameof(VectorReader), vector.ItemType.RawType),
            (KeyDataViewType key, _) => (nameof(KeyReader), key.RawType),
            _ => (nameof(ScalarReader), type.RawType),
        };
        Type[] arguments = argument is null ? [typeof(TRow)] : [typeof(TRow), argument];
        return (Func<Func<TRow>, Delegate>)Generic.Call(typeof(ObjectColumn), reader, arguments, member, type);
    }

    private static Func<Func<TRow>, Delegate> ScalarReader<TRow, T>(MemberInfo member, DataViewType type)
    {
        Func<TRow, T> get = MemberAccess.Getter<TRow, T>(member);
        return current => (ValueGetter<T>)((ref T value) => value = get(current()));
    }

    private static Func<Func<TRow>, Delegate> KeyReader<TRow, T>(MemberInfo member, DataViewType type)
    {
        Func<TRow, T> get = MemberAccess.Getter<TRow, T>(member);
        Func<T, ulong> toNumber = Transforms.KeyNumbers.From<T>();
        ulong count = ((KeyDataViewType)type).Count;
        return current => (ValueGetter<T>)((ref T value) =>
        {
            ulong number = toNumber(get(current()));
            value = (T)Convert.ChangeType(number < count ? number + 1 : 0, typeof(T), null);
        });
    }

    private static Func<Func<TRow>, Delegate> TextReader<TRow>(MemberInfo member, DataViewType type)
    {
        Func<TRow, string> get = MemberAccess.Getter<TRow, string>(member);
        return current => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = get(current()).AsMemory());
    }

    private static Func<Func<TRow>, Delegate> TextArrayReader<TRow>(MemberInfo member, DataViewType type)
    {
        Func<TRow, string[]> get = MemberAccess.Getter<TRow, string[]>(member);
        return current => (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            string[] texts = get(current()) ?? [];
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, texts.Length);
            for (int i = 0; i < texts.Length; i++)
            {
                editor.Values[i] = texts[i].AsMemory();
            }

            value = editor.Commit();
        });
    }

    private static Func<Func<TRow>, Delegate> ArrayReader<TRow, T>(MemberInfo member, DataViewType type)
    {
        Func<TRow, T[]> get = MemberAccess.Getter<TRow, T[]>(member);
        return current => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            T[] items = get(current()) ?? [];
            VBuffer<T>.Copy(items, 0, ref value, items.Length);
        });
    }

    private static Func<Func<TRow>, Delegate> VectorReader<TRow, T>(MemberInfo member, DataViewType type)
    {
        Func<TRow, VBuffer<T>> get = MemberAccess.Getter<TRow, VBuffer<T>>(member);
        return current => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => get(current()).CopyTo(ref value));
    }
}
