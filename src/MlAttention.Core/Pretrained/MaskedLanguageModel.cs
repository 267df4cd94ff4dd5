namespace MlAttention.Core.Pretrained;

/// <summary>An encoder as a model that predicts masked tokens, and an encoder that knows nothing yet.</summary>
internal static class MaskedLanguageModel
{
    /// <summary>The family of an encoder from nothing.</summary>
    private static readonly ModelFamily s_family = ModelFamily.Bert;

    /// <summary>The architecture with the head of BERT's pre-training.</summary>
    public static SequenceModelOptions Of(SequenceModelOptions encoder) => encoder with { Task = TaskKind.MaskedTokens, Head = HeadKind.TiedTransform, Pooling = PoolingKind.Mean };

    /// <summary>BERT's architecture at a chosen size, as config.json would tell it.</summary>
    /// <param name="size">Width, layers, heads, feed-forward width, longest text, dropout; what else it says is not looked at.</param>
    public static SequenceModelOptions Bert(SequenceModelOptions size) => new()
    {
        ModelWidth = size.ModelWidth,
        Layers = size.Layers,
        Heads = size.Heads,
        FeedForwardWidth = size.FeedForwardWidth,
        MaxLength = size.MaxLength,
        Dropout = size.Dropout,
        Activation = ActivationKind.Gelu,
        Norm = NormPlacement.Post,
        LayerNormEpsilon = SettingNames.DefaultEpsilon,
        ScaleEmbeddings = false,
        EmbeddingNorm = true,
        TokenTypes = 2,
        Positions = PositionScheme.Learned,
        PositionDetails = new() { LearnedRows = size.MaxLength },
        KeepBoundaries = true,
    };

    /// <summary>An encoder whose weights follow from a seed.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="tokenizer">Its tokenizer, which has to be one of BERT's kind to be written as a Hugging Face folder.</param>
    /// <param name="architecture">What <see cref="Bert"/> gives.</param>
    /// <param name="seed">The seed.</param>
    public static PretrainedEncoder New(string name, PretrainedTokenizer tokenizer, SequenceModelOptions architecture, int seed)
    {
        int vocabulary = tokenizer.VocabularySize;
        var layout = WeightLayout.Of(Of(architecture), TokenIds.EmbeddingRows(vocabulary, architecture), vocabulary);
        var weights = WeightInitializer.Create([.. layout.Where(weight => !weight.IsHead)], seed);
        return new PretrainedEncoder(name, s_family.ModelType, architecture, tokenizer, [.. weights.Select(weight => weight.Name == PositionsName ? AsTokens(weight, architecture.ModelWidth) : weight)]);
    }

    private const string PositionsName = "positions.weight";

    /// <summary>Positions as large as tokens, as in BERT, where both are added and a norm follows: larger ones would drown the tokens.</summary>
    private static WeightTensor AsTokens(WeightTensor positions, int width)
    {
        float[] values = [.. positions.Values];
        foreach (ref float value in values.AsSpan()) value *= MathF.Sqrt(2f / width);       // from a standard deviation of sqrt(1/2) to D^-0.5
        return new(positions.Name, positions.Shape, values);
    }
}
