using System.Globalization;
using MlAttention.Core.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed.Kernels;

/// <summary>Native memory with random contents, guarded by a pattern behind its end, and comparisons with references.</summary>
internal sealed unsafe class Floats : IDisposable
{
    private const int Guard = 16;
    private const float Pattern = 12345.678f;
    private readonly NativeBuffer _memory;

    public Floats(int count, Random? random = null)
    {
        Count = count;
        _memory = new NativeBuffer(count + Guard);
        new Span<float>(Start + count, Guard).Fill(Pattern);
        for (int i = 0; i < count && random is not null; i++) Start[i] = 2 * random.NextSingle() - 1;
    }

    public int Count { get; }

    public float* Start => _memory.Start;

    public float this[int index] => Start[index];

    public float[] Copy() => new ReadOnlySpan<float>(Start, Count).ToArray();

    /// <summary>Fails where a value differs by more than the tolerance relative to 1 + |expected|, or where the guard is broken.</summary>
    public void AssertClose(Func<int, double> expected, string what, double tolerance = 2e-5)
    {
        for (int i = 0; i < Count; i++)
        {
            double reference = expected(i);
            if (!(Math.Abs(reference - Start[i]) <= tolerance * (1 + Math.Abs(reference))))
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what} [{i}] must be {reference}; got {Start[i]}."));
        }
        for (int i = 0; i < Guard; i++) Assert.True(Start[Count + i] == Pattern, $"{what}: wrote {i} behind its end.");
    }

    public void Dispose() => _memory.Dispose();
}
