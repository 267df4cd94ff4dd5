using System.Runtime.Intrinsics.X86;

namespace MlAttention.Core.Managed.Kernels;

/// <summary>
/// Zeroed native floats, aligned to a cache line, with room for one vector before the start and behind the end. Of a large buffer,
/// what is never written takes no memory.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int Slack = 16;
    private static long _bytesInUse;
    private void* _memory;

    public NativeBuffer(long length)
    {
        Length = length;
        _memory = NativeMemory.AllocZeroed(checked((nuint)Bytes));
        GC.AddMemoryPressure(Bytes);
        Interlocked.Add(ref _bytesInUse, Bytes);
        Start = (float*)(((nuint)_memory + Alignment - 1) & ~(nuint)(Alignment - 1)) + Slack;
    }

    /// <summary>Bytes of all buffers of the process that are not yet disposed.</summary>
    public static long BytesInUse => Interlocked.Read(ref _bytesInUse);

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float.</summary>
    public float* Start { get; private set; }

    private long Bytes => (Length + 2 * Slack) * sizeof(float) + Alignment;

    public void Clear() => NativeMemory.Clear(Start, (nuint)Length * sizeof(float));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeBuffer() => Free();

    private void Free()
    {
        if (_memory == null) return;
        NativeMemory.Free(_memory);
        _memory = null;
        Start = null;
        GC.RemoveMemoryPressure(Bytes);
        Interlocked.Add(ref _bytesInUse, -Bytes);
    }
}

/// <summary>Fetches memory before it is read: the tile that follows while one is multiplied.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Begins to fetch the cache line of an address into the first cache; any address will do. Nothing on processors other than x86.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }
}
