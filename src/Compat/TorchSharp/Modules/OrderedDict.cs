using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order in which its keys came.</summary>
public class OrderedDict<TKey, TValue> : IEnumerable<(TKey, TValue)>
{
    private readonly List<(TKey Key, TValue Value)> _items = [];
    private readonly Dictionary<TKey, TValue> _values = [];

    public int Count => _items.Count;

    public TValue this[TKey key]
    {
        get => _values[key];
        set
        {
            _values[key] = value;
            int position = _items.FindIndex(item => item.Key.Equals(key));
            if (position < 0)
                _items.Add((key, value));
            else
                _items[position] = (key, value);
        }
    }

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _items.Add((key, value));
    }

    public bool ContainsKey(TKey key) => _values.ContainsKey(key);

    public bool Remove(TKey key)
    {
        _items.RemoveAll(item => item.Key.Equals(key));
        return _values.Remove(key);
    }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public void clear()
    {
        _items.Clear();
        _values.Clear();
    }

    public IEnumerable<TKey> keys() => _items.Select(item => item.Key);

    public IEnumerable<TValue> values() => _items.Select(item => item.Value);

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
