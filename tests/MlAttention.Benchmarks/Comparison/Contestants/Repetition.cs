namespace MlAttention.Benchmarks.Comparison.Contestants;

/// <summary>What a contestant repeats while it is measured.</summary>
/// <param name="once">One repetition.</param>
/// <param name="owned">What it works with; disposed with it.</param>
internal sealed class Repetition(Action once, params IReadOnlyList<IDisposable> owned) : IDisposable
{
    public void Run() => once();

    public void Dispose()
    {
        foreach (var item in owned) item.Dispose();
    }
}
