namespace Microsoft.ML.Runtime;

/// <summary>Reports how far a piece of work has come; neither the official MLContext nor this one passes it on.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    void Checkpoint(params double?[] values);
}
