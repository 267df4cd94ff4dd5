using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes a component's state: little-endian numbers, UTF-8 texts with their lengths.</summary>
internal sealed class ModelWriter(Stream stream) : IDisposable
{
    private readonly BinaryWriter _writer = new(stream, Encoding.UTF8, leaveOpen: true);

    public void Write(bool value) => _writer.Write(value);

    public void Write(int value) => _writer.Write(value);

    public void Write(ulong value) => _writer.Write(value);

    public void Write(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        _writer.Write(bytes.Length);
        _writer.Write(bytes);
    }

    public void Write(DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                Write("Vector");
                Write(vector.Dimensions.Length);
                foreach (int dimension in vector.Dimensions)
                {
                    Write(dimension);
                }

                Write(vector.ItemType);
                break;
            case KeyDataViewType key:
                Write("Key");
                Write(DataViewTypes.FromRawType(key.RawType));
                Write(key.Count);
                break;
            default:
                Write(type.ToString());
                break;
        }
    }

    public void Write(InputOutputColumnPair[] columns)
    {
        Write(columns.Length);
        foreach (InputOutputColumnPair column in columns)
        {
            Write(column.OutputColumnName);
            Write(column.InputColumnName);
        }
    }

    public void WriteValues<T>(ReadOnlySpan<T> values)
    {
        Write(values.Length);
        if (typeof(T) == typeof(byte))
        {
            _writer.Write(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values)), values.Length));
            return;
        }

        ValueCodec<T>.Write(_writer, values);
    }

    public void Dispose() => _writer.Dispose();
}
