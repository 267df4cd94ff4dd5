namespace MlAttention.Tests.Hosting;

/// <summary>A clock that stands still until a test moves it on; timers then run on the test's thread, in the context of their creator, as those of the system do.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];

    /// <summary>Timers that were created and not disposed.</summary>
    public int RunningTimers
    {
        get
        {
            lock (_lock) return _timers.Count;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Assert.Equal(dueTime, period);
        var timer = new ManualTimer(this, callback, state, period);
        lock (_lock) _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves the clock on by seconds, one at a time.</summary>
    public void Advance(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            ManualTimer[] timers;
            lock (_lock) timers = [.. _timers];
            foreach (var timer in timers) timer.Second();
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TimeSpan _waited;

        public void Second()
        {
            _waited += TimeSpan.FromSeconds(1);
            if (_waited < period) return;
            _waited = TimeSpan.Zero;
            if (_context is null) callback(state);
            else ExecutionContext.Run(_context, _ => callback(state), null);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
