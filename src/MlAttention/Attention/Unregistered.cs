using static TorchSharp.torch;

namespace MlAttention.Attention;

/// <summary>
/// Holds a module that belongs to another one: TorchSharp registers every field that holds a module as a part of its owner,
/// but does not look into other objects.
/// </summary>
internal sealed record Unregistered<T>(T Module) where T : nn.Module;
