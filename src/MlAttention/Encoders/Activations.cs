using MlAttention.Architecture;

namespace MlAttention.Encoders;

/// <summary>Makes the nonlinearity of an <see cref="ActivationKind"/>.</summary>
internal static class Activations
{
    public static Activation Create(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => x => x.relu(),
        ActivationKind.Gelu => x => x.gelu(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This activation is not known."),
    };
}
