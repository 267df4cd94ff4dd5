namespace MlAttention.Ablation.Runs;

/// <summary>Keeps runs for the life of the process.</summary>
internal sealed class MemoryRunStore : IRunStore
{
    private readonly Dictionary<(AblationSetup, int), AblationRun> _runs = [];

    /// <inheritdoc/>
    public AblationRun? Find(AblationSetup setup, int seed) => _runs.GetValueOrDefault((setup, seed));

    /// <inheritdoc/>
    public void Save(AblationRun run) => _runs[(run.Setup, run.Seed)] = run;
}
