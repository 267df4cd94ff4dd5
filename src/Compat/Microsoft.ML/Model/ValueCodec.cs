using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How values of one raw type are written into a model file.</summary>
internal static class ValueCodec<T>
{
    private static readonly (int Bytes, Action<BinaryWriter, T> Write, Func<ModelReader, T> Read) s_codec = Find();

    /// <summary>The least number of bytes that a value takes.</summary>
    public static int MinimumBytes => s_codec.Bytes;

    public static void Write(BinaryWriter writer, ReadOnlySpan<T> values)
    {
        foreach (T value in values)
        {
            s_codec.Write(writer, value);
        }
    }

    public static T Read(ModelReader reader) => s_codec.Read(reader);

    private static (int Bytes, Action<BinaryWriter, T> Write, Func<ModelReader, T> Read) Find()
    {
        object codec = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Boolean => Of<bool>(1, (writer, value) => writer.Write(value), reader => reader.ReadBoolean()),
            TypeCode.Byte => Of<byte>(1, (writer, value) => writer.Write(value), reader => reader.Take(1)[0]),
            TypeCode.SByte => Of<sbyte>(1, (writer, value) => writer.Write(value), reader => (sbyte)reader.Take(1)[0]),
            TypeCode.Int16 => Of<short>(2, (writer, value) => writer.Write(value), reader => BitConverter.ToInt16(reader.Take(2))),
            TypeCode.UInt16 => Of<ushort>(2, (writer, value) => writer.Write(value), reader => BitConverter.ToUInt16(reader.Take(2))),
            TypeCode.Int32 => Of<int>(4, (writer, value) => writer.Write(value), reader => reader.ReadInt32()),
            TypeCode.UInt32 => Of<uint>(4, (writer, value) => writer.Write(value), reader => BitConverter.ToUInt32(reader.Take(4))),
            TypeCode.Int64 => Of<long>(8, (writer, value) => writer.Write(value), reader => BitConverter.ToInt64(reader.Take(8))),
            TypeCode.UInt64 => Of<ulong>(8, (writer, value) => writer.Write(value), reader => reader.ReadUInt64()),
            TypeCode.Single => Of<float>(4, (writer, value) => writer.Write(value), reader => BitConverter.ToSingle(reader.Take(4))),
            TypeCode.Double => Of<double>(8, (writer, value) => writer.Write(value), reader => BitConverter.ToDouble(reader.Take(8))),
            TypeCode.DateTime => Of<DateTime>(8, (writer, value) => writer.Write(value.ToBinary()), reader => DateTime.FromBinary(BitConverter.ToInt64(reader.Take(8)))),
            _ when typeof(T) == typeof(ReadOnlyMemory<char>) => Of<ReadOnlyMemory<char>>(4, WriteText, reader => reader.ReadString().AsMemory()),
            _ when typeof(T) == typeof(TimeSpan) => Of<TimeSpan>(8, (writer, value) => writer.Write(value.Ticks), reader => new TimeSpan(BitConverter.ToInt64(reader.Take(8)))),
            _ when typeof(T) == typeof(DataViewRowId) => Of<DataViewRowId>(16, WriteId, reader => new DataViewRowId(reader.ReadUInt64(), reader.ReadUInt64())),
            _ => throw new NotSupportedException($"Values of {typeof(T)} cannot be saved in a model file."),
        };
        return ((int, Action<BinaryWriter, T>, Func<ModelReader, T>))codec;
    }

    private static object Of<TValue>(int bytes, Action<BinaryWriter, TValue> write, Func<ModelReader, TValue> read) => (bytes, write, read);

    private static void WriteText(BinaryWriter writer, ReadOnlyMemory<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text.Span)];
        Encoding.UTF8.GetBytes(text.Span, bytes);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteId(BinaryWriter writer, DataViewRowId id)
    {
        writer.Write(id.Low);
        writer.Write(id.High);
    }
}
