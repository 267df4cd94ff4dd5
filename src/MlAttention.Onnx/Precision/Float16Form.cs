namespace MlAttention.Onnx.Precision;

/// <summary>
/// Weights rounded to 16 bits; the graph makes float32 of them when it is loaded and computes in float32. Half the file, and no
/// intermediate result can overflow.
/// </summary>
internal sealed class Float16Form(GraphBuilder graph) : IWeightForm
{
    public Value Vector(WeightTensor weight) => Rounded(weight).ToFloat();

    public Value Linear(Value x, WeightTensor weight, WeightTensor bias) => x.MatMul(Vector(weight.Transposed())) + Vector(bias);

    public Value Rows(WeightTensor table, Value indexes) => Rounded(table).Gather(indexes).ToFloat();

    /// <exception cref="NotSupportedException">A value is larger than any of 16 bits.</exception>
    private Value Rounded(WeightTensor weight)
    {
        var values = new Half[weight.Values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (Half)weight.Values[i];
            if (!Half.IsFinite(values[i]))
                throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"{weight.Name} has the value {weight.Values[i]}, and float16 ends at {(float)Half.MaxValue}. Use Precision = {nameof(OnnxPrecision.Float32)}."));
        }
        return graph.Weight<Half>(weight.Name, values, weight.Shape);
    }
}
