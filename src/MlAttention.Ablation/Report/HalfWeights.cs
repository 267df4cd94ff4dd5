using System.Buffers.Binary;

namespace MlAttention.Ablation.Report;

/// <summary>All weights of a model as 16-bit floating-point numbers, little-endian, one weight after another in the order of the layout.</summary>
internal static class HalfWeights
{
    private const int BytesOfANumber = 2;

    /// <summary>Bytes of a model's weights.</summary>
    public static long BytesOf(IReadOnlyList<WeightShape> layout) => layout.Sum(weight => (long)weight.Count) * BytesOfANumber;

    /// <summary>The index of each weight's first number.</summary>
    public static IReadOnlyDictionary<string, int> Offsets(IReadOnlyList<WeightShape> layout)
    {
        var offsets = new Dictionary<string, int>(StringComparer.Ordinal);
        int at = 0;
        foreach (var weight in layout)
        {
            offsets.Add(weight.Name, at);
            at += weight.Count;
        }
        return offsets;
    }

    /// <summary>The weights' bytes; null where a weight is too large for 16 bits.</summary>
    /// <exception cref="ArgumentException">The weights are not those of the layout.</exception>
    public static byte[]? Of(IReadOnlyList<WeightShape> layout, IReadOnlyList<WeightTensor> weights)
    {
        byte[] bytes = new byte[BytesOf(layout)];
        int at = 0;
        foreach (float value in WeightShape.Match(layout, weights).SelectMany(weight => weight.Values))
        {
            var half = (Half)value;
            if (!Half.IsFinite(half)) return null;
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(at), half);
            at += BytesOfANumber;
        }
        return bytes;
    }
}
