using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Hides a feature column behind one of its name in which a slot has the values of other rows.</summary>
internal sealed class PermutedSlotMapping(DataViewSchema inputSchema, DataViewSchema.Column feature, int slot, float[] values) : RowMapping(inputSchema)
{
    public override IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; } = [new(feature)];

    public override IEnumerable<int> DependenciesOf(int added) => [feature.Index];

    public override Delegate CreateGetter(DataViewRow input, int added)
    {
        ValueGetter<VBuffer<float>> getter = input.GetGetter<VBuffer<float>>(feature);
        VBuffer<float> original = default;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            Guard.Param(input.Position < values.Length, nameof(input), "The data has more rows than were read at first.");
            getter(ref original);
            VBufferEditor<float> editor = VBufferEditor.Create(ref destination, original.Length);
            original.CopyTo(editor.Values);
            editor.Values[slot] = values[input.Position];
            destination = editor.Commit();
        });
    }
}
