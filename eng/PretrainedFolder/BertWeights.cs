using System.Runtime.InteropServices;

namespace MlAttention.Build;

/// <summary>A float32 tensor under the name that transformers gives it.</summary>
/// <param name="Values">Row-major and little-endian.</param>
internal sealed record NamedWeight(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Values);

/// <summary>The weights of an exported BERT under transformers' names.</summary>
/// <remarks>
/// The export keeps the names of all parameters but the matrices of linear layers. Such a layer is MatMul, then Add with the named bias;
/// its matrix [out,in] is the MatMul's unnamed constant [in,out], transposed.
/// </remarks>
internal static class BertWeights
{
    private const string Bias = ".bias", Weight = ".weight";

    /// <exception cref="InvalidDataException">A weight of a layer is missing, or a tensor is not float32.</exception>
    public static IReadOnlyList<NamedWeight> Of(OnnxModel model)
    {
        var weights = new SortedDictionary<string, NamedWeight>(StringComparer.Ordinal);
        foreach (var (name, tensor) in model.Constants)
            if (name.EndsWith(Bias, StringComparison.Ordinal) || name.EndsWith(Weight, StringComparison.Ordinal)) weights.Add(name, new(name, tensor.Shape, Floats(tensor)));
        var producers = model.Nodes.SelectMany(node => node.Outputs.Select(output => (output, node))).ToDictionary(made => made.output, made => made.node);
        foreach (var add in model.Nodes.Where(node => node.Operation == "Add"))
        {
            string? bias = add.Inputs.FirstOrDefault(input => input.EndsWith(Bias, StringComparison.Ordinal) && model.Constants.ContainsKey(input));
            if (bias is null || add.Inputs.FirstOrDefault(input => producers.TryGetValue(input, out var made) && made.Operation == "MatMul") is not { } product) continue;
            if (producers[product].Inputs.FirstOrDefault(model.Constants.ContainsKey) is not { } matrix) continue;
            string name = bias[..^Bias.Length] + Weight;
            weights.Add(name, Transposed(name, model.Constants[matrix]));
        }
        string[] alone = [.. weights.Keys.Where(name => name.EndsWith(Bias, StringComparison.Ordinal) && !weights.ContainsKey(name[..^Bias.Length] + Weight))];
        if (weights.Count == 0 || alone.Length > 0) throw new InvalidDataException($"The ONNX model is no BERT with named weights: {weights.Count} found, {alone.Length} biases without their matrix ({string.Join(", ", alone.Take(3))}).");
        return [.. weights.Values];
    }

    private static NamedWeight Transposed(string name, OnnxTensor tensor)
    {
        if (tensor.Shape is not [var rows, var columns]) throw new InvalidDataException($"{name}: a matrix is needed; its constant has the shape [{string.Join(',', tensor.Shape)}].");
        var values = MemoryMarshal.Cast<byte, uint>(Floats(tensor).Span); // bits, moved as they are
        uint[] transposed = new uint[values.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) transposed[column * (int)rows + row] = values[row * (int)columns + column];
        return new(name, [columns, rows], MemoryMarshal.AsBytes(transposed.AsSpan()).ToArray());
    }

    private static ReadOnlyMemory<byte> Floats(OnnxTensor tensor)
    {
        long bytes = tensor.Shape.Aggregate((long)sizeof(float), (product, size) => product * size);
        return tensor.DataType == OnnxTensor.Float && tensor.Values.Length == bytes ? tensor.Values
            : throw new InvalidDataException($"The constant {tensor.Name} of shape [{string.Join(',', tensor.Shape)}] has data type {tensor.DataType} and {tensor.Values.Length} bytes; {bytes} bytes of float32 (1) are needed.");
    }
}
