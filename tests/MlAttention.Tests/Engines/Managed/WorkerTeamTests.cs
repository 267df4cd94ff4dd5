using MlAttention.Core.Managed;

namespace MlAttention.Tests.Engines.Managed;

public class WorkerTeamTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Run_ManyRounds_CallsEachWorkerOnceARound(int size)
    {
        using var team = new WorkerTeam(size);
        var calls = new int[size];
        for (int round = 1; round <= 500; round++)
        {
            team.Run(worker => calls[worker]++);
            Assert.All(calls, count => Assert.Equal(round, count));
        }
    }

    [Fact]
    public void Run_AlwaysTheSameThreads_AndTheCallerIsTheFirst()
    {
        using var team = new WorkerTeam(3);
        int[] first = new int[3], second = new int[3];
        team.Run(worker => first[worker] = Environment.CurrentManagedThreadId);
        team.Run(worker => second[worker] = Environment.CurrentManagedThreadId);
        Assert.Equal(first, second);
        Assert.Equal(Environment.CurrentManagedThreadId, first[0]);
        Assert.Equal(3, first.Distinct().Count());
    }

    [Theory, InlineData(0), InlineData(2)]
    public void Run_AWorkerThrows_ComesOutAndTheTeamGoesOn(int failing)
    {
        using var team = new WorkerTeam(3);
        var failure = Assert.Throws<InvalidOperationException>(() => team.Run(worker =>
        {
            if (worker == failing) throw new InvalidOperationException("no memory");
        }));
        Assert.Equal("no memory", failure.Message);
        int calls = 0;
        team.Run(_ => Interlocked.Increment(ref calls));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Dispose_AfterWork_EndsTheThreads()
    {
        Thread? thread = null;
        using (var team = new WorkerTeam(2)) team.Run(worker => thread = worker == 1 ? Thread.CurrentThread : thread);
        Assert.False(thread!.IsAlive);
    }
}
