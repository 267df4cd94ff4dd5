namespace MlAttention.Core.Engines;

/// <summary>
/// Objects that serve one thread at a time and are used again: without a lock, and without allocating once there are as many as
/// threads that ask at the same time. What finds no place is disposed of.
/// </summary>
internal sealed class IdleObjects<T>(Func<T> create) where T : class
{
    private readonly T?[] _places = new T?[Math.Max(16, 2 * Environment.ProcessorCount)];

    /// <summary>An idle object, or a new one.</summary>
    public T Take()
    {
        foreach (ref var place in _places.AsSpan())
            if (place is not null && Interlocked.Exchange(ref place, null) is { } idle) return idle;
        return create();
    }

    /// <summary>Gives an object back that is no longer used.</summary>
    public void Return(T used)
    {
        foreach (ref var place in _places.AsSpan())
            if (Interlocked.CompareExchange(ref place, used, null) is null) return;
        (used as IDisposable)?.Dispose();
    }

    /// <summary>Takes an object for the time until the loan is disposed of.</summary>
    public Loan Borrow() => new(this);

    /// <summary>An object that goes back when this is disposed of.</summary>
    public readonly ref struct Loan(IdleObjects<T> owner)
    {
        /// <summary>The object.</summary>
        public T Value { get; } = owner.Take();

        /// <summary>Gives the object back.</summary>
        public void Dispose() => owner.Return(Value);
    }
}
