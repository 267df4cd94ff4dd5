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

    /// <summary>A copy of all weights, in new arrays or in those of an earlier copy.</summary>
    public IReadOnlyList<WeightTensor> ToTensors(IReadOnlyList<WeightTensor>? earlier = null)
    {
        if (earlier is null or []) return [.. Layout.Select(weight => new WeightTensor(weight.Name, weight.Shape, Span(weight).ToArray()))];
        foreach (var (weight, own) in WeightShape.Match(Layout, earlier).Zip(Layout)) Span(own).CopyTo(weight.Values);
        return earlier;
    }

    /// <exception cref="ArgumentException">A weight is missing, unknown or of another shape; the message lists all of them.</exception>
    public void Set(IReadOnlyList<WeightTensor> weights)
    {
        foreach (var (weight, expected) in WeightShape.Match(Layout, weights).Zip(Layout)) weight.Values.CopyTo(Span(expected));
    }

    /// <summary>The given weights, and those of the seed in place of the ones that are not given.</summary>
    public void Initialize(int seed, IReadOnlyList<WeightTensor> given)
    {
        var byName = given.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        foreach (var weight in Layout)
        {
            if (byName.TryGetValue(weight.Name, out var tensor)) tensor.Values.CopyTo(Span(weight));
            else WeightInitializer.Fill(weight, seed, Span(weight));
        }
    }

    public void Dispose() => _values.Dispose();
}
