namespace MlAttention.Tests.Golden;

/// <summary>Tests that compare random draws run while no other test does: all threads share torch's random state.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RandomStateCollection
{
    public const string Name = "Random state";
}
