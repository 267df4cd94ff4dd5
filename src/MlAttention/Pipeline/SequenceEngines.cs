using MlAttention.Engines;
using MlAttention.Engines.Managed;
using MlAttention.Engines.Torch;

namespace MlAttention.Pipeline;

/// <summary>The engines of ML.NET's components: the managed one first, TorchSharp for what it does not cover.</summary>
internal static class SequenceEngines
{
    public static EngineFactory Factory { get; } = new(new ManagedEngineProvider(), new TorchSharpProvider());
}
