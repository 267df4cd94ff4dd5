namespace MlAttention.Core.Managed.Kernels;

/// <summary>Several arrays of floats in one native memory, aligned to cache lines. They are laid twice: to measure, and to point into what was made.</summary>
internal sealed unsafe class NativeArrays : IDisposable
{
    private const int FloatsOfALine = 16;
    private NativeBuffer? _memory;
    private float* _next;

    /// <summary>Makes zeroed memory for all arrays that are taken; those of before are gone.</summary>
    /// <param name="lay">Takes the arrays, and keeps what it is given the second time.</param>
    public void Lay(Action lay)
    {
        _next = null;
        lay();                                                    // with a null start: measures
        long count = (long)_next / sizeof(float);
        _memory?.Dispose();
        _memory = new NativeBuffer(count);
        _next = _memory.Start;
        lay();
    }

    /// <summary>The next array.</summary>
    /// <param name="count">Its floats.</param>
    public float* Take(long count)
    {
        float* taken = _next;
        _next += (count + FloatsOfALine - 1) / FloatsOfALine * FloatsOfALine;
        return taken;
    }

    public void Dispose() => _memory?.Dispose();
}
