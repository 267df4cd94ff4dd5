namespace MlAttention.Ablation.Analysis;

/// <summary>Takes the models of the main comparison that the page can carry.</summary>
/// <param name="plan">The plan.</param>
/// <param name="data">The texts.</param>
/// <param name="finished">The finished runs of a variant.</param>
internal sealed class PlaygroundAnalysis(AblationPlan plan, AblationData data, Func<AblationVariant, AblationRun[]> finished)
{
    /// <summary>The models of the plan's first seed; null where a run kept no weights or they are too large together.</summary>
    public PlaygroundStudy? Study(VariantComparison main)
    {
        int seed = plan.Seeds[0];
        PlaygroundModel[] models = [.. new[] { main.First, main.Second }.SelectMany(variant => Models(variant, seed))];
        return models.Length == 2 && models.Sum(model => (long)model.Weights.Length) <= PlaygroundLimits.MostBytes ? new(seed, data.Vocabulary, models) : null;
    }

    private IEnumerable<PlaygroundModel> Models(AblationVariant variant, int seed) =>
        finished(variant).Where(run => run.Seed == seed).Select(run => run.Weights).OfType<byte[]>().Select(weights => new PlaygroundModel(variant, weights));
}
