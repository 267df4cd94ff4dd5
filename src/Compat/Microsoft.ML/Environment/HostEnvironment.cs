using Microsoft.ML.Compat;

namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an MLContext, and behind each component that registers with it.</summary>
internal sealed class HostEnvironment : IHost
{
    private readonly string _parentName;
    private readonly string _name;
    private readonly Action<string, ChannelMessage> _log;
    private readonly Lock _registering = new();

    public HostEnvironment(int? seed, Action<string, ChannelMessage> log)
        : this(null, null, seed is int value ? new Random(value) : new Random(), log)
    {
    }

    private HostEnvironment(string parentName, string name, Random random, Action<string, ChannelMessage> log)
    {
        _parentName = parentName;
        _name = name;
        Rand = random;
        _log = log;
    }

    public Random Rand { get; }

    public ComponentCatalog ComponentCatalog { get; } = new();

    public string ContextDescription => FullName ?? "HostEnvironment";

    private string FullName => _parentName is null ? _name : $"{_parentName}; {_name}";

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Guard.NotEmpty(name, nameof(name));
        lock (_registering)
        {
            return new HostEnvironment(FullName, name, new Random(seed ?? Rand.Next()), _log);
        }
    }

    public IChannel Start(string name) => new Channel(FullName, name, _log);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new SilentPipe<TMessage>(name);

    public IProgressChannel StartProgressChannel(string name)
    {
        Guard.NotEmpty(name, nameof(name));
        return new SilentProgressChannel();
    }

    public TException Process<TException>(TException ex)
        where TException : Exception => ex;
}
