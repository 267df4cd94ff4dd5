namespace Microsoft.ML.Runtime;

/// <summary>What a component needs of its surroundings: channels, random numbers, a place to register.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }

    IHost Register(string name, int? seed = null, bool? verbose = null);
}
