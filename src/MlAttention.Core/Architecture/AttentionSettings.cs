namespace MlAttention;

/// <summary>How attention scores, and how it is computed: what every layer of attention can be told.</summary>
public abstract record AttentionSettings
{
    private protected AttentionSettings()
    {
    }

    /// <summary>Width D of embeddings, queries and output.</summary>
    /// <value>A multiple of <see cref="Heads"/>; default 64.</value>
    public int ModelWidth { get; init; } = 64;

    /// <summary>Number of attention heads H; a head has width D / H.</summary>
    /// <value>At least 1; default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>The score of a query and a key.</summary>
    /// <value>Default <see cref="ScoreFunction.ScaledDotProduct"/>.</value>
    public ScoreFunction Score { get; init; } = ScoreFunction.ScaledDotProduct;

    /// <summary>Hidden width of the additive score.</summary>
    /// <value>At least 1; default null, the width of a head.</value>
    public int? AdditiveWidth { get; init; }

    /// <summary>Softmax temperature T: weights = softmax(scores / T).</summary>
    /// <value>Greater than 0; default 1.</value>
    public double Temperature { get; init; } = 1;

    /// <summary>How attention is computed.</summary>
    /// <value>Default <see cref="AttentionAlgorithm.Full"/>.</value>
    public AttentionAlgorithm Algorithm { get; init; } = AttentionAlgorithm.Full;

    /// <summary>Chunked: queries and keys of one block; linear and Performer with a causal mask: tokens of one block.</summary>
    /// <value>At least 1 token; default 256.</value>
    public int BlockSize { get; init; } = DefaultBlockSize;

    /// <summary>Radius of the local window, for the masks and the algorithm that have one.</summary>
    /// <value>0 or more tokens to each side; default 16.</value>
    public int WindowRadius { get; init; } = 16;

    /// <summary>Performer: number of random features; the error falls with its square root.</summary>
    /// <value>At least 1; default 256.</value>
    public int RandomFeatures { get; init; } = 256;

    /// <summary>Performer: draw the features orthogonal to each other, which lowers the error.</summary>
    /// <value>Default true.</value>
    public bool OrthogonalFeatures { get; init; } = true;

    /// <summary>Performer: the seed of the random features.</summary>
    /// <value>Default 1.</value>
    public int RandomSeed { get; init; } = 1;

    internal const int DefaultBlockSize = 256;

    internal int HeadWidth => ModelWidth / Heads;

    /// <summary>Hidden width of the additive score, with its default.</summary>
    internal int ScoreWidth => AdditiveWidth ?? HeadWidth;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(GetType().Name);
        Validate(errors);
        errors.ThrowIfAny();
    }

    private protected virtual void Validate(OptionErrors errors)
    {
        errors.Require(ModelWidth >= 1, nameof(ModelWidth), ModelWidth, "must be at least 1");
        errors.Require(Heads < 1 || ModelWidth % Heads == 0, nameof(ModelWidth), ModelWidth, $"must be a multiple of Heads = {Heads}");
        ValidateForAnyWidth(errors);
    }

    /// <summary>Checks what does not depend on <see cref="ModelWidth"/>, which a layer of a pipeline learns from its column.</summary>
    internal void ValidateForAnyWidth(OptionErrors errors)
    {
        errors.Require(Heads >= 1, nameof(Heads), Heads, "must be at least 1");
        errors.Require(AdditiveWidth is null or >= 1, nameof(AdditiveWidth), AdditiveWidth, "must be at least 1");
        errors.Require(Temperature > 0, nameof(Temperature), Temperature, "must be greater than 0");
        errors.Require(BlockSize >= 1, nameof(BlockSize), BlockSize, "must be at least 1 token");
        errors.Require(WindowRadius >= 0, nameof(WindowRadius), WindowRadius, "must be 0 or more tokens");
        errors.Require(RandomFeatures >= 1, nameof(RandomFeatures), RandomFeatures, "must be at least 1");
    }

    /// <summary>Refuses a score and a temperature that the algorithm has no use for.</summary>
    private protected void ValidateAlgorithm(OptionErrors errors)
    {
        if (Algorithm == AttentionAlgorithm.Linear)
        {
            errors.Require(Score == ScoreFunction.ScaledDotProduct, nameof(Score), Score, $"linear attention has its own score; leave it at {ScoreFunction.ScaledDotProduct}");
            errors.Require(Temperature == 1, nameof(Temperature), Temperature, "linear attention has no softmax; leave it at 1");
        }
        if (Algorithm == AttentionAlgorithm.Performer)
            errors.Require(Score is ScoreFunction.ScaledDotProduct or ScoreFunction.Dot, nameof(Score), Score, $"Performer attention estimates a dot product; use {ScoreFunction.ScaledDotProduct} or {ScoreFunction.Dot}");
    }
}
