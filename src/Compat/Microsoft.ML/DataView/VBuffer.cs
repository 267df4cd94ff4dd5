using System.Collections;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A vector value, dense or sparse, whose arrays a getter may reuse for the next row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;

    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Guard.Param(length >= 0, nameof(length));
        Guard.Param(count >= 0 && count <= length, nameof(count));
        Guard.Param((values?.Length ?? 0) >= count, nameof(values));
        Guard.Param(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    internal T[] ValueArray => _values;

    internal int[] IndexArray => _indices;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The increasing slots of the explicit values; empty when the vector is dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        int available = source?.Length ?? 0;
        Guard.Param(length >= 0 && length <= available, nameof(length));
        Guard.Param(sourceIndex >= 0 && sourceIndex <= available - length, nameof(sourceIndex));
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Guard.Param(sourceIndex >= 0 && sourceIndex <= Length, nameof(sourceIndex));
        Guard.Param(length >= 0 && sourceIndex <= Length - length, nameof(length));
        int first = FirstAtOrAfter(sourceIndex);
        int count = FirstAtOrAfter(sourceIndex + length) - first;
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, count);
        GetValues().Slice(first, count).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
        {
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        }

        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Guard.Param(destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination), "Not large enough to hold these values.");
        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
        {
            target[_indices[i]] = _values[i];
        }
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    /// <summary>The values with their slots: the explicit ones, or all of them.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false) => Enumerate(_values, _indices, Length, _count, all);

    public T GetItemOrDefault(int index)
    {
        Guard.Param((uint)index < (uint)Length, nameof(index));
        if (IsDense)
        {
            return _values[index];
        }

        int at = FirstAtOrAfter(index);
        return at < _count && _indices[at] == index ? _values[at] : default;
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    private int FirstAtOrAfter(int slot)
    {
        if (IsDense)
        {
            return slot;
        }

        int at = GetIndices().BinarySearch(slot);
        return at >= 0 ? at : ~at;
    }

    private static IEnumerable<KeyValuePair<int, T>> Enumerate(T[] values, int[] indices, int length, int count, bool all)
    {
        bool dense = count == length;
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            int slot = dense ? i : indices[i];
            for (; all && next < slot; next++)
            {
                yield return new KeyValuePair<int, T>(next, default);
            }

            yield return new KeyValuePair<int, T>(slot, values[i]);
            next = slot + 1;
        }

        for (; all && next < length; next++)
        {
            yield return new KeyValuePair<int, T>(next, default);
        }
    }
}
