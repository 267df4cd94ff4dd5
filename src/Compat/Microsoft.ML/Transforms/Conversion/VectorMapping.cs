using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Applies a function to each item of a vector column.</summary>
internal static class VectorMapping
{
    public static ValueGetter<VBuffer<TOutput>> Create<TInput, TOutput>(ValueGetter<VBuffer<TInput>> getter, Func<TInput, TOutput> map)
    {
        VBuffer<TInput> input = default;
        return (ref VBuffer<TOutput> output) =>
        {
            getter(ref input);
            VBufferEditor<TOutput> editor = VBufferEditor.Create(ref output, input.Length);
            if (!input.IsDense)
            {
                editor.Values.Fill(map(default));
            }

            ReadOnlySpan<TInput> values = input.GetValues();
            for (int i = 0; i < values.Length; i++)
            {
                editor.Values[input.IsDense ? i : input.GetIndices()[i]] = map(values[i]);
            }

            output = editor.Commit();
        };
    }
}
