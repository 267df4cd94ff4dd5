namespace MlAttention;

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxOptions
{
    /// <summary>How exactly the file holds the weights.</summary>
    /// <value>Default <see cref="OnnxPrecision.Float32"/>.</value>
    public OnnxPrecision Precision { get; init; } = OnnxPrecision.Float32;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(OnnxOptions));
        errors.Require(Enum.IsDefined(Precision), nameof(Precision), Precision, "is not a precision");
        errors.ThrowIfAny();
    }
}

/// <summary>How exactly an ONNX file holds the weights.</summary>
public enum OnnxPrecision
{
    /// <summary>As they were trained: the logits are the model's.</summary>
    Float32,
    /// <summary>Rounded to 16 bits and computed with in 32: half the file.</summary>
    Float16,
    /// <summary>Linear maps and token vectors in 8 bits, computed with in whole numbers (dynamic quantization): about a quarter of the file.</summary>
    Int8,
}
