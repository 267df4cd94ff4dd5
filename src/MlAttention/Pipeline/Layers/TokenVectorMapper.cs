using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Rows;

namespace MlAttention.Pipeline.Layers;

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
        var values = pools ? _outputs.AsSpan(row * width, width) : _outputs.AsSpan(row * _longest * width, _lengths[row] * width);
        var editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    });
}
