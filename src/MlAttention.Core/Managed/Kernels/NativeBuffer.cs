namespace MlAttention.Core.Managed.Kernels;

/// <summary>Zeroed native floats, aligned to a cache line, with room for one vector before the start and behind the end.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int Slack = 16;
    private static long _bytesInUse;

    public NativeBuffer(long length)
    {
        Length = length;
        nuint bytes = checked((nuint)(length + 2 * Slack) * sizeof(float));
        float* memory = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(memory, bytes);
        GC.AddMemoryPressure((long)bytes);
        Interlocked.Add(ref _bytesInUse, (long)bytes);
        Start = memory + Slack;
    }

    /// <summary>Bytes of all buffers of the process that are not yet disposed.</summary>
    public static long BytesInUse => Interlocked.Read(ref _bytesInUse);

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float.</summary>
    public float* Start { get; private set; }

    public void Clear() => NativeMemory.Clear(Start, (nuint)Length * sizeof(float));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    ~NativeBuffer() => Free();

    private void Free()
    {
        if (Start == null) return;
        NativeMemory.AlignedFree(Start - Slack);
        Start = null;
        long bytes = (Length + 2 * Slack) * sizeof(float);
        GC.RemoveMemoryPressure(bytes);
        Interlocked.Add(ref _bytesInUse, -bytes);
    }
}
