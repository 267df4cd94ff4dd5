namespace MlAttention.Layers;

/// <summary>Columns with a vector for each token of a sequence: a variable vector [L,D], row-major, with L different in each row.</summary>
internal static class TokenVectorColumn
{
    /// <summary>The type of vectors of width D.</summary>
    public static VectorDataViewType TypeOf(int width) => new(NumberDataViewType.Single, 0, width);

    /// <summary>The width D of a column's vectors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column does not hold vectors of a known width.</exception>
    public static int WidthOf(DataViewSchema.Column column) => column.Type is VectorDataViewType { Dimensions: [0, var width and > 0] } ? width
        : throw new ArgumentOutOfRangeException(nameof(column), $"Schema mismatch for input column '{column.Name}': expected VarVector<Single, *, D>, as EmbedTokens gives it, got {column.Type}");

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type or of another width.</exception>
    public static void Check(DataViewSchema schema, string columnName, int width)
    {
        var column = ColumnRequirement.TokenVectors("input", columnName).Check(schema);
        if (WidthOf(column) != width)
            throw new ArgumentOutOfRangeException(nameof(schema), $"Schema mismatch for input column '{columnName}': expected VarVector<Single, *, {width}>, got {column.Type}");
    }
}

/// <summary>Token vectors of several rows, padded on the right with zeros: Values [B,L,D] row-major, Lengths [B].</summary>
internal sealed record TokenVectorBatch(int Rows, int Length, int Width, float[] Values, int[] Lengths);

/// <summary>A layer that makes token vectors of token vectors of the same width.</summary>
/// <param name="componentName">What the layer is called in a model file.</param>
/// <param name="width">Width D.</param>
/// <param name="weights">The layer's weights.</param>
internal abstract class TokenVectorLayer(string componentName, int width, IReadOnlyList<WeightTensor> weights) : SequenceLayer(componentName)
{
    public override DataViewType OutputType => TokenVectorColumn.TypeOf(width);

    protected int Width => width;

    protected IReadOnlyList<WeightTensor> Weights => weights;

    public sealed override void CheckInput(DataViewSchema schema, string columnName) => TokenVectorColumn.Check(schema, columnName, width);

    /// <summary>What the layer computes: from a padded batch to [B,L,D], or to [B,D] when pooling.</summary>
    protected abstract float[] Apply(TokenVectorBatch batch);

    /// <summary>Whether one vector a row comes out.</summary>
    protected virtual bool Pools => false;

    protected abstract void WriteOptions(ComponentState state);

    public sealed override BatchMapper CreateMapper(string inputName, int batchSize) => new TokenVectorMapper(inputName, width, batchSize, Apply, Pools);

    public sealed override void Write(ComponentState state)
    {
        WriteOptions(state);
        state.Add("width", width);
        state.Add(weights);
    }
}

/// <summary>Maps token vectors to token vectors [L,D], or to one vector a row.</summary>
/// <param name="inputName">The input column.</param>
/// <param name="width">Width D of the input's vectors.</param>
/// <param name="batchSize">Most rows at a time.</param>
/// <param name="apply">From a padded batch to [B,L,D], or to [B,D] when pooling.</param>
/// <param name="pools">Whether the output has one vector a row.</param>
internal sealed class TokenVectorMapper(string inputName, int width, int batchSize, Func<TokenVectorBatch, float[]> apply, bool pools) : BatchMapper
{
    private readonly VBuffer<float>[] _inputs = new VBuffer<float>[batchSize];
    private readonly int[] _lengths = new int[batchSize];
    private ValueGetter<VBuffer<float>> _getter = null!;
    private float[] _outputs = [];
    private int _longest;

    public override void Bind(DataViewRow input) => _getter = input.GetGetter<VBuffer<float>>(input.Schema[inputName]);

    public override void Read(int slot)
    {
        _getter(ref _inputs[slot]);
        var (length, rest) = Math.DivRem(_inputs[slot].Length, width);
        if (rest != 0) throw new InvalidOperationException($"Column '{inputName}' has a row of {_inputs[slot].Length} numbers, no multiple of the width {width}.");
        _lengths[slot] = length;
    }

    public override void Run(int count)
    {
        _longest = Math.Max(1, _lengths.AsSpan(0, count).ToArray().Max());
        var values = new float[count * _longest * width];
        for (var row = 0; row < count; row++) _inputs[row].CopyTo(values.AsSpan(row * _longest * width, _lengths[row] * width));
        _outputs = apply(new TokenVectorBatch(count, _longest, width, values, _lengths.AsSpan(0, count).ToArray()));
    }

    public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
    {
        var row = slot.Fetchable();
        destination.Set<float>(pools ? _outputs.AsSpan(row * width, width) : _outputs.AsSpan(row * _longest * width, _lengths[row] * width));
    });
}
