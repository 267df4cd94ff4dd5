namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// A tied head: the embedding as the matrix from a vector to the tokens, and the hidden layer before it, if there is one. The embedding is
/// stored as all matrices are, so that the products of head and gradients read it where it lies; output i is the token with id i, padding and
/// the unknown token among them, whose logits nothing reads. Looking a token up gathers a row from the tiles.
/// </summary>
internal sealed unsafe class StoredVocabulary<T> where T : struct, ILanes<T>
{
    private const string BiasName = "head.bias", DenseName = "head.dense.", NormName = "head.norm.";
    private readonly FlatWeights _weights;
    private readonly int _width;

    public StoredVocabulary(EngineConfiguration configuration, FlatWeights weights, IReadOnlyDictionary<string, StoredForm> forms)
    {
        (_weights, _width) = (weights, configuration.Model.ModelWidth);
        Map = Linear(WeightLayout.EmbeddingName, BiasName);
        if (configuration.Model.Head != HeadKind.TiedTransform) return;
        Dense = Linear(DenseName + "weight", DenseName + "bias");
        Norm = new NormWeights(weights, NormName);

        StoredLinear<T> Linear(string weight, string bias) => new(weights.Of(weight), weights.Of(bias), forms[weight].Outputs, forms[weight].Inputs);
    }

    /// <summary>From a vector to the logits of all ids.</summary>
    public StoredLinear<T> Map { get; }

    /// <summary>The hidden layer's linear map, or null.</summary>
    public StoredLinear<T>? Dense { get; }

    /// <summary>The hidden layer's norm.</summary>
    public NormWeights Norm { get; }

    /// <summary>The forms of the embedding and of the head, by name; none where the head is not tied.</summary>
    public static IEnumerable<KeyValuePair<string, StoredForm>> Forms(EngineConfiguration configuration)
    {
        if (!configuration.HasTiedHead) yield break;
        int[] model = StoredForm.Padded(configuration.Model.ModelWidth, T.Count), tokens = StoredForm.Padded(configuration.EmbeddingRows, T.Count);
        yield return new(WeightLayout.EmbeddingName, new(T.Count, tokens, model));
        yield return new(BiasName, new(T.Count, [.. tokens.Select(id => id >= 1 && id <= configuration.Classes ? id - 1 : -1)]));
        if (configuration.Model.Head != HeadKind.TiedTransform) yield break;
        yield return new(DenseName + "weight", new(T.Count, model, model));
        yield return new(DenseName + "bias", new(T.Count, model));
    }

    /// <summary>Copies a token's vector [D] from the tiles.</summary>
    public void Read(int token, Span<float> vector)
    {
        float* tile = _weights.Of(WeightLayout.EmbeddingName) + (nint)token * T.Count;
        for (int from = 0; from < vector.Length; from += T.Count, tile += Map.Outputs * T.Count)
            new ReadOnlySpan<float>(tile, Math.Min(T.Count, vector.Length - from)).CopyTo(vector[from..]);
    }

    /// <summary>gradient of a token's vector += scale vector.</summary>
    public void AddGradient(int token, ReadOnlySpan<float> vector, float scale, float* gradients)
    {
        float* tile = gradients + _weights.Offset(WeightLayout.EmbeddingName) + (nint)token * T.Count;
        for (int from = 0; from < vector.Length; from += T.Count, tile += Map.Outputs * T.Count)
            for (int i = from; i < Math.Min(from + T.Count, vector.Length); i++) tile[i - from] += vector[i] * scale;
    }

    /// <summary>Floats of a worker's gradients that are written lane by lane.</summary>
    public long GradientLanes => (long)T.Count * Map.Outputs + (Dense is null ? 0 : (long)T.Count * Dense.Outputs + NormWeights.GradientCount<T>(_width));

    /// <summary>Where gradients go.</summary>
    /// <param name="values">A place for each weight.</param>
    /// <param name="lanes"><see cref="GradientLanes"/> floats.</param>
    public VocabularyGradients GradientsIn(float* values, float* lanes)
    {
        VocabularyGradients gradients = default;
        gradients.Map = new(values + _weights.Offset(WeightLayout.EmbeddingName), lanes);
        if (Dense is null) return gradients;
        float* ofDense = lanes + (long)T.Count * Map.Outputs;
        gradients.Dense = new(values + _weights.Offset(DenseName + "weight"), ofDense);
        gradients.Norm = ofDense + (long)T.Count * Dense.Outputs;
        return gradients;
    }

    /// <summary>Adds what was written lane by lane to the gradients in the places of the weights.</summary>
    public void AddLanes(in VocabularyGradients gradients, float* values)
    {
        Map.AddBiasLanes(gradients.Map, values + _weights.Offset(BiasName));
        if (Dense is null) return;
        Dense.AddBiasLanes(gradients.Dense, values + _weights.Offset(DenseName + "bias"));
        Norm.Unpack<T>(gradients.Norm, _width, values);
    }
}

/// <summary>Where the gradients of a tied head's weights go.</summary>
internal unsafe struct VocabularyGradients
{
    public LinearGradient Map, Dense;

    /// <summary>[2][D][N]: of gain and bias, lane by lane.</summary>
    public float* Norm;
}
