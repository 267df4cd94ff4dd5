namespace MlAttention.Onnx.Precision;

/// <summary>How a graph holds the trained weights and computes with them: a precision is one file that implements this.</summary>
internal interface IWeightForm
{
    /// <summary>A weight as float32, as it is used in sums and in element-wise products.</summary>
    Value Vector(WeightTensor weight);

    /// <summary>x Wᵀ + b at each position.</summary>
    /// <param name="x">[..,inputs].</param>
    /// <param name="weight">W, [outputs,inputs].</param>
    /// <param name="bias">b, [outputs].</param>
    /// <returns>[..,outputs].</returns>
    Value Linear(Value x, WeightTensor weight, WeightTensor bias);

    /// <summary>The rows of a table at the given indexes, as float32.</summary>
    /// <param name="table">[rows,width].</param>
    /// <param name="indexes">[B,L].</param>
    /// <returns>[B,L,width].</returns>
    Value Rows(WeightTensor table, Value indexes);

    /// <summary>Makes the form of a precision.</summary>
    static IWeightForm Create(OnnxPrecision precision, GraphBuilder graph) => precision switch
    {
        OnnxPrecision.Float32 => new Float32Form(graph),
        OnnxPrecision.Float16 => new Float16Form(graph),
        OnnxPrecision.Int8 => new Int8Form(graph),
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "This precision is not known."),
    };
}
