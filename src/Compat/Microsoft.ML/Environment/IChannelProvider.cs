namespace Microsoft.ML.Runtime;

/// <summary>Opens channels whose messages reach <see cref="MLContext.Log"/>.</summary>
public interface IChannelProvider : IExceptionContext
{
    IChannel Start(string name);

    IPipe<TMessage> StartPipe<TMessage>(string name);
}
