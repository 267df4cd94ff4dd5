using MlAttention.Core.Engines;

namespace MlAttention.Tests.Engines;

public class IdleObjectsTests
{
    private sealed class Used : IDisposable
    {
        public int Users;

        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    [Fact]
    public void Take_EightThreads_NobodySharesAndFewAreMade()
    {
        var made = 0;
        var shared = 0;
        var idle = new IdleObjects<Used>(() =>
        {
            Interlocked.Increment(ref made);
            return new Used();
        });

        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var used = idle.Take();
                if (Interlocked.Increment(ref used.Users) != 1) Interlocked.Increment(ref shared);
                if (i % 64 == 0) Thread.Yield();
                Interlocked.Decrement(ref used.Users);
                idle.Return(used);
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        Assert.Equal(0, shared);
        Assert.InRange(made, 1, 8);
    }

    [Fact]
    public void TakeAndReturn_AfterTheFirst_AllocateNothing()
    {
        var idle = new IdleObjects<Used>(() => new Used());
        idle.Return(idle.Take());

        // The runtime allocates now and then for itself, when it recompiles a method; what a call allocates shows in every round.
        Assert.Equal(0, Enumerable.Range(0, 5).Select(_ => AllocatedByTenCalls()).Min());

        long AllocatedByTenCalls()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < 10; call++)
            {
                var first = idle.Take();
                idle.Return(first);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Return_MoreThanThereArePlaces_DisposesOfTheSurplus()
    {
        var idle = new IdleObjects<Used>(() => new Used());
        var places = Math.Max(16, 2 * Environment.ProcessorCount);
        Used[] taken = [.. Enumerable.Range(0, places + 3).Select(_ => idle.Take())];

        foreach (var used in taken) idle.Return(used);

        Assert.Equal(3, taken.Count(used => used.Disposed));
        Assert.All(taken.SkipLast(3), used => Assert.False(used.Disposed));
    }
}
