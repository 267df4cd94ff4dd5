namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// All weights of a model one behind the other, as they are stored: those with a <see cref="StoredForm"/> in it, the others as they
/// are. Gradients and moments have the same form, so the optimizer changes weights where the kernels read them.
/// </summary>
internal sealed unsafe class FlatWeights : IDisposable
{
    /// <summary>Floats of a cache line: each weight begins with one.</summary>
    private const int Alignment = 16;
    private readonly Dictionary<string, int> _indices = [];
    private readonly long[] _offsets;
    private readonly StoredForm?[] _forms;
    private readonly NativeBuffer _values;

    /// <param name="layout">The weights.</param>
    /// <param name="forms">The forms of those that have one, by name.</param>
    public FlatWeights(IReadOnlyList<WeightShape> layout, IReadOnlyDictionary<string, StoredForm> forms)
    {
        Layout = layout;
        _forms = [.. layout.Select(weight => forms.GetValueOrDefault(weight.Name))];
        Stored = [.. layout.Select((weight, index) => _forms[index] is { } form ? weight with { Shape = [form.Count] } : weight)];
        _offsets = new long[layout.Count];
        long offset = 0;
        for (int index = 0; index < layout.Count; index++)
        {
            _indices.Add(layout[index].Name, index);
            _offsets[index] = offset;
            offset += (Stored[index].Count + Alignment - 1) / Alignment * Alignment;
        }
        _values = new NativeBuffer(offset);
    }

    /// <summary>The weights.</summary>
    public IReadOnlyList<WeightShape> Layout { get; }

    /// <summary>The weights with the shapes in which they are stored, in the same order.</summary>
    public IReadOnlyList<WeightShape> Stored { get; }

    /// <summary>Floats of all of them.</summary>
    public long Count => _values.Length;

    public float* Values => _values.Start;

    public bool Has(string name) => _indices.ContainsKey(name);

    /// <summary>Whether a weight is the matrix of a linear map with a form.</summary>
    public bool IsMatrix(int index) => _forms[index] is { IsMatrix: true };

    /// <summary>Where a weight begins, in values, gradients and moments.</summary>
    public long Offset(string name) => _offsets[_indices[name]];

    /// <summary>The first value of a weight.</summary>
    public float* Of(string name) => Values + Offset(name);

    /// <summary>Stored values of a weight, or of a part of it.</summary>
    public Span<float> Span(int index, int start = 0, int? count = null) => Span(Values, index, start, count);

    /// <summary>The same of a buffer with a place for each weight, as gradients have.</summary>
    public Span<float> Span(float* values, int index, int start = 0, int? count = null) => new(values + _offsets[index] + start, count ?? Stored[index].Count);

    /// <summary>A copy of all weights, in new arrays or in those of an earlier copy.</summary>
    public IReadOnlyList<WeightTensor> ToTensors(IReadOnlyList<WeightTensor>? earlier = null) => ToTensors(Values, earlier);

    /// <summary>A copy of a buffer with a place for each weight.</summary>
    public IReadOnlyList<WeightTensor> ToTensors(float* values, IReadOnlyList<WeightTensor>? earlier = null)
    {
        var tensors = earlier is null or [] ? [.. Layout.Select(weight => new WeightTensor(weight.Name, weight.Shape, new float[weight.Count]))] : WeightShape.Match(Layout, earlier);
        for (int index = 0; index < tensors.Length; index++) Restore(index, Span(values, index), tensors[index].Values);
        return tensors;
    }

    /// <exception cref="ArgumentException">A weight is missing, unknown or of another shape; the message lists all of them.</exception>
    public void Set(IReadOnlyList<WeightTensor> weights)
    {
        var matched = WeightShape.Match(Layout, weights);
        for (int index = 0; index < matched.Length; index++) Store(index, matched[index].Values, Span(index));
    }

    /// <summary>The given weights, and those of the seed in place of the ones that are not given.</summary>
    public void Initialize(int seed, IReadOnlyList<WeightTensor> given)
    {
        var byName = given.ToDictionary(weight => weight.Name, weight => weight.Values, StringComparer.Ordinal);
        for (int index = 0; index < Layout.Count; index++)
        {
            if (byName.TryGetValue(Layout[index].Name, out float[]? values))
            {
                Store(index, values, Span(index));
                continue;
            }
            Span<float> drawn = _forms[index] is null ? Span(index) : new float[Layout[index].Count];
            WeightInitializer.Fill(Layout[index], seed, drawn);
            if (_forms[index] is { } form) form.Store(drawn, Span(index));
        }
    }

    /// <summary>Moments, named "first.NAME", from stored values to real ones.</summary>
    public IReadOnlyList<WeightTensor> Restore(IReadOnlyList<WeightTensor> moments) => Convert(moments, (index, stored) =>
    {
        float[] real = new float[Layout[index].Count];
        Restore(index, stored, real);
        return new(string.Empty, Layout[index].Shape, real);
    });

    /// <summary>Moments from real values to stored ones.</summary>
    /// <exception cref="ArgumentException">One has another number of values than its weight.</exception>
    public IReadOnlyList<WeightTensor> Store(IReadOnlyList<WeightTensor> moments) => Convert(moments, (index, real) =>
    {
        float[] stored = new float[Stored[index].Count];
        if (real.Length != Layout[index].Count) throw new ArgumentException($"The optimizer state of '{Layout[index].Name}' must have {Layout[index].Count} values; got {real.Length}.", nameof(moments));
        Store(index, real, stored);
        return new(string.Empty, Stored[index].Shape, stored);
    });

    public void Dispose() => _values.Dispose();

    private WeightTensor[] Convert(IReadOnlyList<WeightTensor> moments, Func<int, float[], WeightTensor> convert) =>
        [.. moments.Select(moment => _indices.TryGetValue(moment.Name[(moment.Name.IndexOf('.') + 1)..], out int index) && _forms[index] is not null ? convert(index, moment.Values) with { Name = moment.Name } : moment)];

    private void Store(int index, ReadOnlySpan<float> real, Span<float> stored)
    {
        if (_forms[index] is { } form) form.Store(real, stored);
        else real.CopyTo(stored);
    }

    private void Restore(int index, ReadOnlySpan<float> stored, Span<float> real)
    {
        if (_forms[index] is { } form) form.Restore(stored, real);
        else stored.CopyTo(real);
    }
}
