using static TorchSharp.torch;

namespace MlAttention.Tests.Layers;

/// <summary>A public layer in one of its variants, at sizes that are different primes.</summary>
/// <param name="Layer">The layer's type.</param>
/// <param name="Variant">What tells the case from others of the same layer; may be empty.</param>
/// <param name="Create">Makes the layer with its initial weights.</param>
/// <param name="Inputs">What it takes.</param>
internal sealed record LayerCase(Type Layer, string Variant, Func<RunningLayer> Create, params LayerInput[] Inputs)
{
    public string Name => Variant.Length == 0 ? Layer.Name : $"{Layer.Name}, {Variant}";

    /// <summary>
    /// How many positions of the output, dimension 1, are real when so many of the first input are; null when the output has no
    /// position of padding.
    /// </summary>
    public Func<long, long>? RealOutputs { get; init; }

    public bool TakesMask => Inputs.Any(input => input.Padded);

    public Tensor[] Tensors(int seed = 1) => [.. Inputs.Select((input, i) => input.Create(seed + i))];

    /// <summary>Masks of all inputs: each row with padding of its own, and one row with nothing else; True everywhere where an input takes no mask.</summary>
    public Tensor[] PaddedMasks() => [.. Inputs.Select(input => input.Padded ? Encoders.LayerChecks.Mask(input.Shape[1], input.Lengths) : Real(input.Shape))];

    /// <summary>Masks without padding for inputs of any sizes.</summary>
    public static Tensor[] RealMasks(IEnumerable<Tensor> inputs) => [.. inputs.Select(input => Real(input.shape))];

    private static Tensor Real(long[] shape) => ones(shape[0], shape.Length > 1 ? shape[1] : 1, ScalarType.Bool);
}
