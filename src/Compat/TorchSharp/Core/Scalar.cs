using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number given to an operator: a whole one, a real one or a truth value, with the element type it came from.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(torch.ScalarType type, ValueKind kind, long bits)
    {
        Type = type;
        Kind = kind;
        Bits = bits;
    }

    public torch.ScalarType Type { get; }

    internal ValueKind Kind { get; }

    internal long Bits { get; }

    internal double AsDouble => Kind == ValueKind.Real ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    public static implicit operator Scalar(byte value) => Integer(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(sbyte value) => Integer(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(short value) => Integer(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(int value) => Integer(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(long value) => Integer(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(Half value) => Real((double)value);

    public static implicit operator Scalar(float value) => Real(value);

    public static implicit operator Scalar(double value) => Real(value);

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, ValueKind.Boolean, value ? 1 : 0);

    public void Dispose()
    {
    }

    private static Scalar Integer(torch.ScalarType type, long value) => new(type, ValueKind.Integer, value);

    private static Scalar Real(double value) => new(torch.ScalarType.Float64, ValueKind.Real, BitConverter.DoubleToInt64Bits(value));
}
