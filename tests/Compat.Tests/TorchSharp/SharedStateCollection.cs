namespace Compat.Tests.Torch;

/// <summary>Tests of what the whole process shares (the random state, the count of live tensors) run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedStateCollection
{
    public const string Name = "shared state of torch";
}
