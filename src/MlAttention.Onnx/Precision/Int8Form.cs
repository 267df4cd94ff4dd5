namespace MlAttention.Onnx.Precision;

/// <summary>
/// Linear maps and token vectors in 8 bits, all else in float32. Inputs of linear maps are quantized while the graph runs, each with
/// the range that it then has (dynamic quantization).
/// </summary>
/// <remarks>
/// W ≈ s q, with a factor s for each output (for each token of the embedding) and whole numbers q, so that the largest |W| is the largest |q|.
/// x Wᵀ + b ≈ (x' q) (s' s) + b, with x' the input as DynamicQuantizeLinear gives it and s' its factor.
/// Numbers of linear maps go to ±63: products of 8 and 7 bits fit where processors without VNNI add two of them in 16 bits, so that every
/// machine gives the same sums. ±127 changes no more labels or fewer: what is lost is lost in rounding the inputs.
/// </remarks>
internal sealed class Int8Form(GraphBuilder graph) : IWeightForm
{
    private const int LargestOfProducts = 63, Largest = 127;

    public Value Vector(WeightTensor weight) => graph.Weight<float>(weight.Name, weight.Values, weight.Shape);

    public Value Linear(Value x, WeightTensor weight, WeightTensor bias)
    {
        var (numbers, factors) = Quantize(weight, LargestOfProducts);
        var (outputs, inputs) = (weight.Shape[0], weight.Shape[1]);
        var turned = new sbyte[numbers.Length];                                             // [inputs,outputs]
        for (int output = 0; output < outputs; output++)
            for (int input = 0; input < inputs; input++) turned[input * outputs + output] = numbers[output * inputs + input];
        var quantized = graph.Nodes("DynamicQuantizeLinear", [x], 3);
        var (numbersOfX, factorOfX, zeroOfX) = (quantized[0], quantized[1], quantized[2]);
        var product = graph.Node("MatMulInteger", [numbersOfX, graph.Weight<sbyte>(weight.Name, turned, inputs, outputs), zeroOfX]);
        return product.ToFloat() * (factorOfX * graph.Weight<float>(weight.Name + ".factors", factors, outputs)) + Vector(bias);
    }

    public Value Rows(WeightTensor table, Value indexes)
    {
        var (numbers, factors) = Quantize(table, Largest);
        var factor = graph.Weight<float>(table.Name + ".factors", factors, factors.Length, 1).Gather(indexes);      // [B,L,1]
        return graph.Weight<sbyte>(table.Name, numbers, table.Shape).Gather(indexes).ToFloat() * factor;
    }

    /// <summary>Whole numbers and, for each row, the factor that gives its values back.</summary>
    private static (sbyte[] Numbers, float[] Factors) Quantize(WeightTensor weight, int largest)
    {
        var (rows, width) = (weight.Shape[0], weight.Shape[1]);
        var (numbers, factors) = (new sbyte[weight.Values.Length], new float[rows]);
        for (int row = 0; row < rows; row++)
        {
            var values = weight.Values.AsSpan(row * width, width);
            float most = 0;
            foreach (float value in values) most = Math.Max(most, Math.Abs(value));
            factors[row] = most > 0 ? most / largest : 1;
            for (int i = 0; i < width; i++) numbers[row * width + i] = (sbyte)MathF.Round(values[i] / factors[row]);
        }
        return (numbers, factors);
    }
}
