namespace Microsoft.ML.Runtime;

/// <summary>Opens channels that report how far a piece of work has come.</summary>
public interface IProgressChannelProvider
{
    IProgressChannel StartProgressChannel(string name);
}
