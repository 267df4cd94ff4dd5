using System.Diagnostics;

namespace MlAttention.Ablation.Runs;

/// <summary>Repeats a trainer over the plan's setups and seeds, stores each run at once, and skips those already stored.</summary>
internal sealed class AblationRunner(AblationPlan plan, IAblationTrainer trainer, IRunStore store)
{
    /// <summary>The plan's runs in order: all setups of a seed, then the next seed, so that an early stop leaves whole seeds.</summary>
    public static IReadOnlyList<(AblationSetup Setup, int Seed)> RunsOf(AblationPlan plan) =>
        [.. plan.Seeds.SelectMany(seed => plan.Setups().Select(setup => (setup, seed)))];

    /// <summary>Runs what is missing of a shard.</summary>
    /// <returns>The shard's runs; a failed one carries its message.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; finished runs are stored.</exception>
    public IReadOnlyList<AblationRun> Run(AblationShard shard, IProgress<AblationProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var pending = RunsOf(plan).Where((_, number) => shard.Contains(number)).ToArray();
        var results = new AblationRun[pending.Length];
        var since = new List<FinishedRun>();
        int trained = 0;
        for (int i = 0; i < pending.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (setup, seed) = pending[i];
            if (store.Find(setup, seed) is { Failure: null } stored)
            {
                results[i] = stored;
                since.Add(Finished(stored));
                continue;
            }
            int finished = i;
            Tell(pending[i], finished, epoch: 0);
            results[i] = TrainOne(setup, seed, record => Tell((setup, seed), finished, record.Epoch), cancellation);
            store.Save(results[i]);
            since.Add(Finished(results[i]));
            trained++;
        }
        if (pending.Length > 0) Tell(pending[^1], pending.Length, epoch: 0);
        return results;

        void Tell((AblationSetup Setup, int Seed) run, int finished, int epoch)
        {
            progress?.Report(new(
                run.Setup.Title, run.Seed, finished, pending.Length, epoch, plan.Epochs, clock.Elapsed,
                finished == pending.Length ? TimeSpan.Zero : trained == 0 ? null : clock.Elapsed / trained * (pending.Length - finished)) { Finished = [.. since] });
            since.Clear();
        }
    }

    private static FinishedRun Finished(AblationRun run) =>
        new(run.Setup.Title, run.Seed, run.Epochs.FirstOrDefault(epoch => epoch.Epoch == run.BestEpoch)?.DevAccuracy, run.Failure is not null);

    // One failed run must not lose the others: it is stored with its message and reported.
    private AblationRun TrainOne(AblationSetup setup, int seed, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        try
        {
            return trainer.Train(setup, seed, epochs, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException and not OutOfMemoryException)
        {
            return new AblationRun { Setup = setup, Seed = seed, Failure = $"{error.GetType().Name}: {error.Message}" };
        }
    }
}

/// <summary>Trains and tests one model; what the runner repeats for each setup and seed.</summary>
internal interface IAblationTrainer
{
    /// <summary>Trains the setup with the seed, and predicts the test texts.</summary>
    /// <param name="setup">What to train.</param>
    /// <param name="seed">Fixes dev split, data order and initial weights.</param>
    /// <param name="epochs">Hears of every epoch.</param>
    /// <param name="cancellation">Stops the training.</param>
    AblationRun Train(AblationSetup setup, int seed, Action<EpochRecord> epochs, CancellationToken cancellation);
}

/// <summary>One machine's part of an ablation: the runs whose number leaves a given rest.</summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">How many shards there are.</param>
internal sealed record AblationShard(int Index, int Count)
{
    /// <summary>All of it.</summary>
    public static AblationShard Whole { get; } = new(1, 1);

    /// <summary>Reads "2/8".</summary>
    /// <exception cref="FormatException">It is not of that form, or the index is out of range.</exception>
    public static AblationShard Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && index >= 1 && index <= count) return new(index, count);
        throw new FormatException($"A shard is i/N with i from 1 to N, for example 2/8; got '{text}'.");
    }

    /// <summary>Whether the run with this number (from 0) belongs to the shard.</summary>
    public bool Contains(int run) => run % Count == Index - 1;
}
