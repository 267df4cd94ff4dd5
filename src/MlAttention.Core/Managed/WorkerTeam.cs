using System.Runtime.ExceptionServices;

namespace MlAttention.Core.Managed;

/// <summary>
/// Threads of one engine's own: the caller is worker 0, the others wait for work, awake for some microseconds and then asleep, so
/// that a short step does not pay for waking them and an idle engine costs nothing. Scoring does not use them: it runs on its
/// caller's thread, so any number of engines may score at once without more threads than callers.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    private const int SpinsBeforeSleep = 500;
    private readonly ManualResetEventSlim[] _starts;
    private readonly Thread[] _threads;
    private readonly CountdownEvent _running;
    private Action<int>? _work;
    private Exception? _failure;

    /// <param name="size">Workers, the caller included.</param>
    public WorkerTeam(int size)
    {
        _running = new CountdownEvent(size - 1);
        _starts = [.. Enumerable.Range(0, size - 1).Select(_ => new ManualResetEventSlim(false, SpinsBeforeSleep))];
        _threads = [.. Enumerable.Range(1, size - 1).Select(worker => new Thread(() => Serve(worker)) { IsBackground = true, Name = $"MlAttention worker {worker}" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Calls <paramref name="work"/> once with each worker's number and waits for all; an exception of any comes out here.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        if (_threads.Length > 0) _running.Reset();
        foreach (var start in _starts) start.Set();
        Try(0);
        if (_threads.Length > 0) _running.Wait();
        _work = null;
        if (Interlocked.Exchange(ref _failure, null) is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        foreach (var start in _starts) start.Set();               // without work: the thread ends
        foreach (var thread in _threads) thread.Join();
        foreach (var start in _starts) start.Dispose();
        _running.Dispose();
    }

    private void Serve(int worker)
    {
        var start = _starts[worker - 1];
        while (true)
        {
            start.Wait();
            start.Reset();
            if (_work is null) return;
            Try(worker);
            _running.Signal();
        }
    }

    private void Try(int worker)
    {
        try
        {
            _work!(worker);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }
}
