using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A list of parameters that is a module: its items are registered as "0", "1" and so on.</summary>
public class ParameterList : nn.Module, IList<Parameter>
{
    private readonly List<Parameter> _items = [];
    private bool _registered;

    public ParameterList(params Parameter[] parameters)
        : base(nameof(ParameterList)) => _items.AddRange(parameters);

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public Parameter this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    public void Add(Parameter item) => _items.Add(item);

    public void append(params Parameter[] parameters) => _items.AddRange(parameters);

    public void extend(IEnumerable<Parameter> parameters) => _items.AddRange(parameters);

    public void Insert(int index, Parameter item) => _items.Insert(index, item);

    public bool Remove(Parameter item) => _items.Remove(item);

    public void RemoveAt(int index) => _items.RemoveAt(index);

    public void Clear() => _items.Clear();

    public bool Contains(Parameter item) => _items.Contains(item);

    public int IndexOf(Parameter item) => _items.IndexOf(item);

    public void CopyTo(Parameter[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerator<Parameter> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        _items.Select((parameter, i) => ($"{i}", parameter));

    protected override void RegisterComponents()
    {
        if (_registered)
            return;
        for (int i = 0; i < _items.Count; i++)
            register_parameter($"{i}", _items[i]);
        _registered = true;
    }
}
