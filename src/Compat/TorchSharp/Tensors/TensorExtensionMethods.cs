using TorchSharp.Native;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Conversions to .NET numbers, and the official package's binary format of a tensor: element type, shape, elements.</summary>
public static class TensorExtensionMethods
{
    public static float ToSingle(this Tensor value) => (float)Number(value);

    public static double ToDouble(this Tensor value) => Number(value);

    public static int ToInt32(this Tensor value) => checked((int)ToInt64(value));

    public static long ToInt64(this Tensor value)
    {
        NativeValue number = Aten.CallNumber("item", value);
        return number.Kind == ValueKind.Real ? (long)BitConverter.Int64BitsToDouble(number.Integer) : number.Integer;
    }

    public static bool ToBoolean(this Tensor value) => Number(value) != 0;

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        _ => 16,
    };

    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.Dimensions);
        foreach (long size in tensor.shape)
            writer.Encode(size);
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads a tensor; with <paramref name="skip"/> only past it, and returns null.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        (ScalarType type, long[] shape) = ReadHeader(reader);
        if (skip)
        {
            long length = shape.Aggregate(1L, (product, size) => product * size) * type.ElementSize();
            reader.BaseStream.Seek(length, SeekOrigin.Current);
            return null;
        }

        Tensor tensor = empty(shape, type);
        tensor.ReadBytesFromStream(reader.BaseStream);
        return tensor;
    }

    /// <summary>Reads into a tensor of the same type and shape.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        (ScalarType type, long[] shape) = ReadHeader(reader);
        if (!skip && type != tensor.dtype)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        if (!skip && !shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");

        using Tensor read = empty(shape, type);
        read.ReadBytesFromStream(reader.BaseStream);
        if (skip)
            return;
        using (no_grad())
            tensor.copy_(read);
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)reader.Decode();
        var shape = new long[reader.Decode()];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.Decode();
        return (type, shape);
    }

    private static double Number(Tensor value)
    {
        NativeValue number = Aten.CallNumber("item", value);
        return number.Kind == ValueKind.Real ? BitConverter.Int64BitsToDouble(number.Integer) : number.Integer;
    }
}
