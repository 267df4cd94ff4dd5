namespace MlAttention.Core.Managed.Packing;

/// <summary>All weights of a model one behind the other, so that the optimizer is one pass over one buffer.</summary>
internal sealed unsafe class FlatWeights : IDisposable
{
    private readonly Dictionary<string, long> _offsets = [];
    private readonly NativeBuffer _values;

    public FlatWeights(IReadOnlyList<WeightShape> layout)
    {
        Layout = layout;
        long offset = 0;
        foreach (var weight in layout)
        {
            _offsets.Add(weight.Name, offset);
            offset += weight.Count;
        }
        _values = new NativeBuffer(offset);
    }

    public IReadOnlyList<WeightShape> Layout { get; }

    public long Count => _values.Length;

    public float* Values => _values.Start;

    public bool Has(string name) => _offsets.ContainsKey(name);

    public long Offset(string name) => _offsets[name];

    /// <summary>The first value of a weight.</summary>
    public float* Of(string name) => Values + Offset(name);

    public Span<float> Span(WeightShape weight) => new(Of(weight.Name), weight.Count);

    /// <summary>A copy of all weights.</summary>
    public IReadOnlyList<WeightTensor> ToTensors() => [.. Layout.Select(weight => new WeightTensor(weight.Name, weight.Shape, Span(weight).ToArray()))];

    /// <exception cref="ArgumentException">A weight is missing, unknown or of another shape; the message lists all of them.</exception>
    public void Set(IReadOnlyList<WeightTensor> weights)
    {
        foreach (var (weight, expected) in WeightShape.Match(Layout, weights).Zip(Layout)) weight.Values.CopyTo(Span(expected));
    }

    public void Dispose() => _values.Dispose();
}
