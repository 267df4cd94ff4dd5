using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>One argument of an operator, made by implicit conversion from what the caller has at hand. Null becomes None.</summary>
internal readonly struct Argument
{
    internal readonly ValueKind Kind;
    internal readonly int Index;
    internal readonly long Bits;
    internal readonly object Reference;

    private Argument(ValueKind kind, long bits = 0, object reference = null, int index = 0)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
        Index = index;
    }

    internal static Argument None => default;

    /// <summary>How many 8-byte words the argument needs beside its value.</summary>
    internal int Words => Reference switch
    {
        long[] integers => integers.Length,
        double[] reals => reals.Length,
        IList<Tensor> tensors => tensors.Count,
        string text => (System.Text.Encoding.UTF8.GetByteCount(text) + 7) / 8,
        _ => 0,
    };

    public static implicit operator Argument(Tensor value) => value is null ? None : new(ValueKind.Tensor, reference: value);

    public static implicit operator Argument(long value) => new(ValueKind.Integer, value);

    public static implicit operator Argument(long? value) => value.HasValue ? value.Value : None;

    public static implicit operator Argument(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value.HasValue ? value.Value : None;

    public static implicit operator Argument(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static implicit operator Argument(ScalarType value) => new(ValueKind.Integer, (long)value);

    public static implicit operator Argument(ScalarType? value) => value.HasValue ? value.Value : None;

    public static implicit operator Argument(Scalar value) => value is null ? None : new(value.Kind, value.Bits);

    public static implicit operator Argument(long[] value) => value is null ? None : new(ValueKind.IntegerList, reference: value);

    public static implicit operator Argument(ReadOnlySpan<long> value) => value.ToArray();

    public static implicit operator Argument(double[] value) => value is null ? None : new(ValueKind.RealList, reference: value);

    public static implicit operator Argument(Tensor[] value) => List(value);

    public static implicit operator Argument(string value) => value is null ? None : new(ValueKind.String, reference: value);

    public static implicit operator Argument(Device value) => value is null ? None : new(ValueKind.Device, value.index, index: (int)value.type);

    public static implicit operator Argument(Generator value) => value is null ? None : new(ValueKind.Generator, value.Handle, value);

    /// <summary>A list of tensors.</summary>
    internal static Argument List(IList<Tensor> tensors) => tensors is null ? None : new(ValueKind.TensorList, reference: tensors);

    /// <summary>A list of tensors in which null stands for "not this one" (the positions of an index).</summary>
    internal static Argument OptionalList(IList<Tensor> tensors) => new(ValueKind.OptionalTensorList, reference: tensors);

    /// <summary>Writes the value, with its list in <paramref name="words"/>; returns the words used.</summary>
    internal unsafe int Write(NativeValue* value, long* words)
    {
        value->Kind = Kind;
        value->Count = Index;
        switch (Kind)
        {
            case ValueKind.Tensor:
                value->Integer = ((Tensor)Reference).Handle;
                return 0;
            case ValueKind.IntegerList:
            case ValueKind.RealList:
                var numbers = (Array)Reference;
                System.Buffer.MemoryCopy(
                    System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(numbers)),
                    words, numbers.Length * 8L, numbers.Length * 8L);
                value->Count = numbers.Length;
                value->Data = words;
                return numbers.Length;
            case ValueKind.TensorList:
            case ValueKind.OptionalTensorList:
                var tensors = (IList<Tensor>)Reference;
                for (int i = 0; i < tensors.Count; i++)
                    words[i] = tensors[i] is null && Kind == ValueKind.OptionalTensorList ? 0 : tensors[i].Handle;
                value->Count = tensors.Count;
                value->Data = words;
                return tensors.Count;
            case ValueKind.String:
                int length = Words;
                value->Count = System.Text.Encoding.UTF8.GetBytes((string)Reference, new Span<byte>(words, length * 8));
                value->Data = words;
                return length;
            default:
                value->Integer = Bits;
                return 0;
        }
    }
}
