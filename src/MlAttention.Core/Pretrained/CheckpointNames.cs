namespace MlAttention.Core.Pretrained;

/// <summary>One of our weights as tensors of a checkpoint, whose rows follow one another in it.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Tensors">The tensors' names: one, or query, key and value.</param>
/// <param name="OwnRows">Rows of the weight before and after the tensors' that the checkpoint does not have: padding, and the unknown token.</param>
internal sealed record CheckpointWeight(WeightShape Weight, IReadOnlyList<string> Tensors, int OwnRows = 0)
{
    /// <summary>Whether the rows are tokens, of which the checkpoint may have more than the tokenizer.</summary>
    public bool HasTokens => Weight.Rows is RowKind.Tokens or RowKind.VocabularyTokens;

    /// <summary>The shape of each tensor.</summary>
    public int[] TensorShape => [(Weight.Shape[0] - 2 * OwnRows) / Tensors.Count, .. Weight.Shape[1..]];

    /// <summary>Where the values of a tensor begin among the weight's.</summary>
    public int Offset(int tensor)
    {
        int row = Weight.Shape[1..].Aggregate(1, (product, size) => checked(product * size));
        return checked((OwnRows + tensor * TensorShape[0]) * row);
    }
}

/// <summary>Our names of weights as transformers', for reading and for writing.</summary>
internal static class CheckpointNames
{
    /// <summary>What precedes the weights of a head that no class of transformers has, so that none takes them for its own.</summary>
    public const string OwnPrefix = "mlattention.";

    private const string OurLayers = "encoder.layers.", InProjection = "self_attn.in_proj_";

    /// <summary>The first name that any checkpoint of these families has, which tells its prefix.</summary>
    public const string WordEmbeddings = "embeddings.word_embeddings.weight";

    /// <summary>The weights of an encoder and of the head beside it, in the order of the layout.</summary>
    /// <param name="family">Whose names.</param>
    /// <param name="prefix">What precedes the encoder's tensors.</param>
    /// <param name="model">The architecture.</param>
    /// <param name="vocabulary">Number of tokens V.</param>
    /// <param name="classes">Number of classes, with a tied head V; 0 without a head.</param>
    /// <param name="ownHead">Whether the head is one that transformers does not have.</param>
    public static IReadOnlyList<CheckpointWeight> Of(ModelFamily family, string prefix, SequenceModelOptions model, int vocabulary, int classes, bool ownHead) =>
        [.. WeightLayout.Of(model, TokenIds.EmbeddingRows(vocabulary, model), classes).Select(weight => Of(family, prefix, weight, model.Head, ownHead))];

    private static CheckpointWeight Of(ModelFamily family, string prefix, WeightShape weight, HeadKind head, bool ownHead)
    {
        string name = weight.Name;
        if (name == WeightLayout.EmbeddingName) return new(weight, [prefix + WordEmbeddings], OwnRows: 1);
        if (name.StartsWith(OurLayers, StringComparison.Ordinal)) return new(weight, Layer(family, prefix + family.Layers, name[OurLayers.Length..]));
        if (name.StartsWith("pooling.", StringComparison.Ordinal)) return new(weight, [OwnPrefix + name]);
        if (name.StartsWith("head.", StringComparison.Ordinal)) return new(weight, [ownHead ? OwnPrefix + name : head.IsTied ? MaskHead(family, name) : Head(family, prefix, name)]);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return new(weight, [prefix + name[..dot] switch
        {
            "positions" => "embeddings.position_embeddings",
            "token_types" => "embeddings.token_type_embeddings",
            "embedding_norm" => "embeddings.LayerNorm",
            _ => throw new ArgumentException($"Checkpoints of {family.ModelType} have no '{name}'.", nameof(weight)),
        } + name[dot..]]);
    }

    /// <param name="family">Whose names.</param>
    /// <param name="layers">What precedes the layer's number.</param>
    /// <param name="name">Our name from the layer's number on, as in "0.norm1.weight".</param>
    private static string[] Layer(ModelFamily family, string layers, string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal), last = name.LastIndexOf('.');
        string layer = layers + name[..(dot + 1)], rest = name[(dot + 1)..];
        if (rest.StartsWith(InProjection, StringComparison.Ordinal)) return [.. family.QueryKeyValue.Select(module => $"{layer}{module}.{rest[InProjection.Length..]}")];
        return [layer + family.LayerModules[name[(dot + 1)..last]] + name[last..]];
    }

    private static string MaskHead(ModelFamily family, string name)
    {
        const string dense = "head.dense", norm = "head.norm";
        return name.StartsWith(dense, StringComparison.Ordinal) ? family.MaskHead.Dense + name[dense.Length..]
            : name.StartsWith(norm, StringComparison.Ordinal) ? family.MaskHead.Norm + name[norm.Length..] : family.MaskHead.Bias;
    }

    private static string Head(ModelFamily family, string prefix, string name)
    {
        const string dense = "head.dense";
        if (!name.StartsWith(dense, StringComparison.Ordinal)) return family.HeadOutput + name["head".Length..];
        return (family.HeadDense.InEncoder ? prefix : "") + family.HeadDense.Name + name[dense.Length..];
    }
}
