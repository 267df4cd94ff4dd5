using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where everything starts: catalogs of operations that share random numbers and a log.</summary>
public sealed class MLContext : IHostEnvironment
{
    private readonly HostEnvironment _environment;

    /// <param name="seed">Makes what is random repeatable.</param>
    public MLContext(int? seed = null)
    {
        _environment = new HostEnvironment(seed, WriteLog);
        Data = new DataOperationsCatalog(_environment, seed);
        MulticlassClassification = new MulticlassClassificationCatalog(_environment, Data);
    }

    public event EventHandler<LoggingEventArgs> Log;

    public ComponentCatalog ComponentCatalog => _environment.ComponentCatalog;

    public DataOperationsCatalog Data { get; }

    public ModelOperationsCatalog Model { get; } = new();

    public MulticlassClassificationCatalog MulticlassClassification { get; }

    public TransformsCatalog Transforms { get; } = new();

    string IExceptionContext.ContextDescription => _environment.ContextDescription;

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _environment.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _environment.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _environment.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _environment.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => _environment.Process(ex);

    private void WriteLog(string source, ChannelMessage message) =>
        Log?.Invoke(this, new LoggingEventArgs(message.Message, message.Kind, source));
}
