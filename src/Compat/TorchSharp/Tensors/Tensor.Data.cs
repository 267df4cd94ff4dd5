using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor. Valid while the tensor lives.</summary>
        public unsafe Span<byte> bytes
        {
            get => new((void*)ContiguousData(), checked((int)(NumberOfElements * ElementSize)));
            set
            {
                if (NumberOfElements * ElementSize != value.Length)
                    throw new ArgumentException($"The tensor has {NumberOfElements * ElementSize} bytes; {value.Length} were given.");
                value.CopyTo(bytes);
            }
        }

        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"Only a tensor of one element has an item; this one has {NumberOfElements}.");
            return data<T>()[0];
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.CallInPlace("copy_", this, source, nonBlocking);

        public Tensor fill_(Scalar value) => Aten.CallInPlace("fill_.Scalar", this, value);

        /// <summary>Fills with zeros. As in the official package, the result is a new tensor object over the same memory.</summary>
        public Tensor zero_() => zeros(shape);

        /// <summary>Gives this tensor the size and fills it with zeros.</summary>
        public Tensor zeros(params long[] sizes) => Aten.Call("zeros.out", sizes, this);

        /// <summary>Gives this tensor the size and fills it with ones.</summary>
        public Tensor ones(params long[] sizes) => Aten.Call("ones.out", sizes, this);

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            byte* data = (byte*)ContiguousData();
            for (long left = NumberOfElements * ElementSize; left > 0;)
            {
                int count = (int)Math.Min(left, int.MaxValue);
                stream.Write(new ReadOnlySpan<byte>(data, count));
                data += count;
                left -= count;
            }

            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            byte* data = (byte*)ContiguousData();
            for (long left = NumberOfElements * ElementSize; left > 0;)
            {
                int count = (int)Math.Min(left, int.MaxValue);
                stream.ReadExactly(new Span<byte>(data, count));
                data += count;
                left -= count;
            }

            GC.KeepAlive(this);
        }

        /// <summary>Reads what <see cref="TensorExtensionMethods.Save(Tensor, BinaryWriter)"/> wrote.</summary>
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location) => Load(File.OpenRead(location));

        /// <summary>Where the elements begin, in memory that .NET can read.</summary>
        internal nint DataPointer()
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException($"The elements are on {device}; move the tensor to the cpu before reading it.");
            nint data = NativeMethods.mlattention_tensor_data(Handle);
            return NumberOfElements == 0 ? data : NativeMethods.CheckNotNull(data);
        }

        internal void RequireType(Type type)
        {
            if (TypeOf(type) != dtype)
                throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private nint ContiguousData()
        {
            if (!is_contiguous())
                throw new InvalidOperationException("The elements of a non-contiguous tensor are not in one piece; call contiguous() first.");
            return DataPointer();
        }
    }
}
