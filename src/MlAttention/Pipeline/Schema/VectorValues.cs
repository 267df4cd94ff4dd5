using System.Buffers;
using Microsoft.ML.Data;

namespace MlAttention.Pipeline.Schema;

/// <summary>Gives a vector of ML.NET its values, in the memory that it has where that suffices.</summary>
internal static class VectorValues
{
    /// <summary>Makes the values of a vector a copy of some.</summary>
    public static void Set<T>(this ref VBuffer<T> destination, ReadOnlySpan<T> values) =>
        destination.Fill(values.Length, values, static (filled, source) => source.CopyTo(filled));

    /// <summary>Gives a vector its length and lets <paramref name="fill"/> write the values.</summary>
    public static void Fill<T, TState>(this ref VBuffer<T> destination, int length, TState state, SpanAction<T, TState> fill) where TState : allows ref struct
    {
        var editor = VBufferEditor.Create(ref destination, length);
        fill(editor.Values, state);
        destination = editor.Commit();
    }
}
