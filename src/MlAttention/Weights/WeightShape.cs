namespace MlAttention.Weights;

/// <summary>Name and size of one weight.</summary>
/// <param name="Name">The parameter's name, for example "encoder.layers.0.self_attn.in_proj_weight".</param>
/// <param name="Shape">The size of each dimension.</param>
internal sealed record WeightShape(string Name, int[] Shape)
{
    /// <summary>Number of values.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Whether these are the vectors of the tokens.</summary>
    public bool IsEmbedding => Name.StartsWith("embedding.", StringComparison.Ordinal);

    /// <summary>
    /// Whether weight decay applies: to matrices other than embeddings and position parameters, and never to biases, norms
    /// and other vectors.
    /// </summary>
    public bool Decays => Shape.Length >= 2
        && !IsEmbedding
        && !Name.Contains("positions.", StringComparison.Ordinal);
}
