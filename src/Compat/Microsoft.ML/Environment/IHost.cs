namespace Microsoft.ML.Runtime;

/// <summary>The surroundings of one component, with random numbers of its own.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
