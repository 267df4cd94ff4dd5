using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Storage;

/// <summary>One encoder layer.</summary>
internal sealed unsafe class StoredLayer<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly FlatWeights _weights;
    private readonly string _name;
    private readonly int _width;
    private readonly float _queryScale;

    public StoredLayer(SequenceModelOptions options, FlatWeights weights, IReadOnlyDictionary<string, StoredForm> forms, int layer)
    {
        _weights = weights;
        _width = options.ModelWidth;
        _name = NameOf(layer);
        int headWidth = options.ModelWidth / options.Heads;
        _queryScale = (float)((options.Score == ScoreFunction.ScaledDotProduct ? 1 / Math.Sqrt(headWidth) : 1) / options.Temperature);
        Norm1 = new NormWeights(weights, _name + "norm1.");
        Norm2 = new NormWeights(weights, _name + "norm2.");
        (Projection, Output, Expand, Contract) = (Linear(ProjectionName), Linear(OutputName), Linear(ExpandName), Linear(ContractName));
        if (!weights.Has(ShawKeysName)) return;
        ShawKeys = new ShawVectors<T>(headWidth, options.PositionDetails.ClipDistance);
        ShawValues = new ShawVectors<T>(headWidth, options.PositionDetails.ClipDistance);

        StoredLinear<T> Linear(string name)
        {
            var form = forms[_name + name + "weight"];
            return new(weights.Of(_name + name + "weight"), weights.Of(_name + name + "bias"), form.Outputs, form.Inputs);
        }
    }

    /// <summary>Query, key and value of all heads; see <see cref="ScaleQueries"/>.</summary>
    public StoredLinear<T> Projection { get; }

    /// <summary>From the joined heads to the model width.</summary>
    public StoredLinear<T> Output { get; }

    /// <summary>The feed-forward network's first linear map.</summary>
    public StoredLinear<T> Expand { get; }

    /// <summary>The feed-forward network's second linear map.</summary>
    public StoredLinear<T> Contract { get; }

    public ShawVectors<T>? ShawKeys { get; }

    public ShawVectors<T>? ShawValues { get; }

    /// <summary>The norm of the attention sublayer.</summary>
    public NormWeights Norm1 { get; }

    /// <summary>The norm of the feed-forward sublayer.</summary>
    public NormWeights Norm2 { get; }

    /// <summary>The forms of a layer's linear maps, by the names of weights and biases: heads one behind the other, each padded.</summary>
    public static IEnumerable<KeyValuePair<string, StoredForm>> Forms(SequenceModelOptions options, int layer)
    {
        int width = options.ModelWidth, headWidth = width / options.Heads;
        int[] heads = [.. Enumerable.Range(0, options.Heads).SelectMany(head => StoredForm.Padded(headWidth, T.Count).Select(i => i < 0 ? -1 : head * headWidth + i))];
        int[] queriesKeysValues = [.. Enumerable.Range(0, 3).SelectMany(part => heads.Select(i => i < 0 ? -1 : part * width + i))];
        int[] model = StoredForm.Padded(width, T.Count), hidden = StoredForm.Padded(options.FeedForwardWidth, T.Count);
        foreach (var (name, rows, columns) in new[] { (ProjectionName, queriesKeysValues, model), (OutputName, model, heads), (ExpandName, hidden, model), (ContractName, model, hidden) })
        {
            yield return new(NameOf(layer) + name + "weight", new(T.Count, rows, columns));
            yield return new(NameOf(layer) + name + "bias", new(T.Count, rows));
        }
    }

    /// <summary>Multiplies queries, or their gradients, by the factor 1 / (sqrt(Dh) T) of their scores.</summary>
    /// <param name="qkv">[blocks][3 joined heads][N].</param>
    /// <param name="blocks">Number of blocks.</param>
    public void ScaleQueries(float* qkv, int blocks)
    {
        if (_queryScale == 1) return;
        int queries = Projection.Outputs / 3;
        T scale = T.Create(_queryScale);
        for (int block = 0; block < blocks; block++)
        {
            float* query = qkv + (nint)block * Projection.Outputs * T.Count;
            for (int i = 0; i < queries; i++, query += T.Count) T.Store(T.Load(query) * scale, query);
        }
    }

    /// <summary>Multiplies one token's query of all heads likewise.</summary>
    public void ScaleQuery(Span<float> query) => TensorPrimitives.Multiply(query, _queryScale, query);

    /// <summary>Brings what follows from the weights up to date with them.</summary>
    public void FillTables()
    {
        ShawKeys?.Pack(_weights.Of(ShawKeysName));
        ShawValues?.Pack(_weights.Of(ShawValuesName));
    }

    /// <summary>Floats of a worker's gradients that are written lane by lane.</summary>
    public long GradientLanes => (long)T.Count * (Projection.Outputs + Output.Outputs + Expand.Outputs + Contract.Outputs)
        + 2 * NormWeights.GradientCount<T>(_width) + (ShawKeys?.GradientCount ?? 0) + (ShawValues?.GradientCount ?? 0);

    /// <summary>Where gradients go.</summary>
    /// <param name="values">A place for each weight.</param>
    /// <param name="lanes"><see cref="GradientLanes"/> floats.</param>
    public LayerGradients GradientsIn(float* values, float* lanes)
    {
        float* next = lanes;
        LayerGradients gradients = default;
        gradients.Projection = Linear(ProjectionName, Projection);
        gradients.Output = Linear(OutputName, Output);
        gradients.Expand = Linear(ExpandName, Expand);
        gradients.Contract = Linear(ContractName, Contract);
        gradients.Norm1 = Take(NormWeights.GradientCount<T>(_width));
        gradients.Norm2 = Take(NormWeights.GradientCount<T>(_width));
        gradients.Heads.ShawKeys = Take(ShawKeys?.GradientCount ?? 0);
        gradients.Heads.ShawValues = Take(ShawValues?.GradientCount ?? 0);
        return gradients;

        LinearGradient Linear(string name, StoredLinear<T> linear) => new(values + _weights.Offset(_name + name + "weight"), Take((long)T.Count * linear.Outputs));

        float* Take(long count)
        {
            float* taken = next;
            next += count;
            return taken;
        }
    }

    /// <summary>Adds what was written lane by lane to the gradients in the places of the weights.</summary>
    public void AddLanes(in LayerGradients gradients, float* values)
    {
        Projection.AddBiasLanes(gradients.Projection, Bias(ProjectionName));
        Output.AddBiasLanes(gradients.Output, Bias(OutputName));
        Expand.AddBiasLanes(gradients.Expand, Bias(ExpandName));
        Contract.AddBiasLanes(gradients.Contract, Bias(ContractName));
        Norm1.Unpack<T>(gradients.Norm1, _width, values);
        Norm2.Unpack<T>(gradients.Norm2, _width, values);
        ShawKeys?.Unpack(gradients.Heads.ShawKeys, values + _weights.Offset(ShawKeysName));
        ShawValues?.Unpack(gradients.Heads.ShawValues, values + _weights.Offset(ShawValuesName));

        float* Bias(string name) => values + _weights.Offset(_name + name + "bias");
    }

    public void Dispose()
    {
        ShawKeys?.Dispose();
        ShawValues?.Dispose();
    }

    private const string ProjectionName = "self_attn.in_proj_", OutputName = "self_attn.out_proj.", ExpandName = "linear1.", ContractName = "linear2.";

    private static string NameOf(int layer) => $"encoder.layers.{layer}.";

    private string ShawKeysName => _name + "self_attn.positions.key";

    private string ShawValuesName => _name + "self_attn.positions.value";
}

/// <summary>Where a layer norm's gain and bias lie, in the weights and in the gradients.</summary>
internal readonly unsafe struct NormWeights
{
    private readonly float* _weights;
    private readonly long _gain, _bias;

    /// <param name="weights">All weights.</param>
    /// <param name="name">The norm's name with a dot behind it.</param>
    public NormWeights(FlatWeights weights, string name)
    {
        _weights = weights.Values;
        _gain = weights.Offset(name + "weight");
        _bias = weights.Offset(name + "bias");
    }

    public float* Gain => _weights + _gain;

    public float* Bias => _weights + _bias;

    /// <summary>Floats of a worker's gradient: [2][width][N], of gain and of bias, lane by lane.</summary>
    public static long GradientCount<T>(int width) where T : struct, ILanes<T> => 2L * width * T.Count;

    /// <summary>Adds a worker's gradient, summed over its lanes, to the real one.</summary>
    public void Unpack<T>(float* gradient, int width, float* target) where T : struct, ILanes<T>
    {
        for (int i = 0; i < width; i++)
        {
            target[_gain + i] += T.Sum(T.Load(gradient + (nint)i * T.Count));
            target[_bias + i] += T.Sum(T.Load(gradient + (nint)(width + i) * T.Count));
        }
    }
}
