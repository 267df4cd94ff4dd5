namespace MlAttention.Onnx.Precision;

/// <summary>Weights as they were trained.</summary>
internal sealed class Float32Form(GraphBuilder graph) : IWeightForm
{
    public Value Vector(WeightTensor weight) => graph.Weight<float>(weight.Name, weight.Values, weight.Shape);

    public Value Linear(Value x, WeightTensor weight, WeightTensor bias)
    {
        var turned = weight.Transposed();
        return x.MatMul(graph.Weight<float>(turned.Name, turned.Values, turned.Shape)) + Vector(bias);
    }

    public Value Rows(WeightTensor table, Value indexes) => Vector(table).Gather(indexes);
}

/// <summary>Weights as ONNX wants them.</summary>
internal static class WeightTensors
{
    /// <summary>The matrix with rows and columns exchanged, [inputs,outputs], which a product from the left reads.</summary>
    public static WeightTensor Transposed(this WeightTensor weight)
    {
        int rows = weight.Shape[0], columns = weight.Shape[1];
        float[] values = new float[weight.Values.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) values[column * rows + row] = weight.Values[row * columns + column];
        return new(weight.Name, [columns, rows], values);
    }
}
