namespace MlAttention.Ablation.Runs;

/// <summary>Keeps finished runs, so that an ablation that was stopped goes on where it was.</summary>
internal interface IRunStore
{
    /// <summary>The stored run, or null.</summary>
    AblationRun? Find(AblationSetup setup, int seed);

    /// <summary>Stores a run at once.</summary>
    void Save(AblationRun run);
}
