namespace MlAttention.Tests.Engines.Managed;

/// <summary>Tests that count the process' native bytes or threads run alone.</summary>
[CollectionDefinition(nameof(NativeMemoryCollection), DisableParallelization = true)]
public class NativeMemoryCollection;
