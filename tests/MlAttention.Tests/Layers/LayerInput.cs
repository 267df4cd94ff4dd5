using MlAttention.Tests.Encoders;
using static TorchSharp.torch;

namespace MlAttention.Tests.Layers;

/// <summary>One input of a layer, the batch first.</summary>
/// <param name="Name">What the layer's errors call it.</param>
/// <param name="Shape">Its size in each dimension.</param>
internal sealed record LayerInput(string Name, params long[] Shape)
{
    /// <summary>Whether the layer takes a mask of this input's positions, dimension 1.</summary>
    public bool Padded { get; init; }

    /// <summary>The number of distinct tokens with padding, where the input is tokens; 0 for numbers.</summary>
    public int Tokens { get; init; }

    /// <summary>Whether the layer reads nothing of the input but the size of its batch.</summary>
    public bool ReadsBatchAlone { get; init; }

    /// <summary>Whether the layer takes vectors of any width.</summary>
    public bool AnyWidth { get; init; }

    /// <summary>Whether the input is numbers, which have gradients and may be NaN.</summary>
    public bool Numbers => Tokens == 0;

    /// <summary>Numbers from -1 to 1, or real tokens, that depend on the seed alone.</summary>
    public Tensor Create(int seed)
    {
        if (Numbers) return LayerChecks.Numbers(seed, Shape);
        var random = new Random(seed);
        return tensor([.. Enumerable.Range(0, (int)Shape.Aggregate(1L, (product, size) => product * size)).Select(_ => random.NextInt64(1, Tokens))], Shape);
    }

    /// <summary>Too few dimensions; another width; for inputs that go with a first one, another batch.</summary>
    public IEnumerable<long[]> WrongShapes(bool first)
    {
        if (ReadsBatchAlone) yield return [];
        else yield return [Shape[^1]];
        if (Numbers && !AnyWidth) yield return [.. Shape[..^1], Shape[^1] + 1];
        if (!first) yield return [Shape[0] + 1, .. Shape[1..]];
    }

    /// <summary>The number of real positions of each row; every row keeps its own, one has none.</summary>
    public int[] Lengths => [.. new[] { Shape[1], Shape[1] / 2 + 1, 0, 1, Shape[1] - 2 }.Take((int)Shape[0]).Select(length => (int)length)];
}
