using MlAttention.Validation;

namespace MlAttention.Architecture;

/// <summary>What a multi-head attention layer can be told.</summary>
public sealed record AttentionOptions
{
    /// <summary>Width D of the queries and of the output.</summary>
    /// <value>A multiple of <see cref="Heads"/>; default 64.</value>
    public int ModelWidth { get; init; } = 64;

    /// <summary>Number of heads H; a head has width D / H.</summary>
    /// <value>At least 1; default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Width of the keys' input, when it differs from <see cref="ModelWidth"/>.</summary>
    /// <value>At least 1; default null, the same.</value>
    public int? KeyWidth { get; init; }

    /// <summary>Width of the values' input, when it differs from <see cref="ModelWidth"/>.</summary>
    /// <value>At least 1; default null, the same.</value>
    public int? ValueWidth { get; init; }

    /// <summary>Whether the projections have biases.</summary>
    /// <value>Default true.</value>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Probability with which training drops an attention weight. Linear and Performer attention, which form no weights, drop keys
    /// instead: each for all queries of a head at once.
    /// </summary>
    /// <value>From 0 to below 1; default 0.</value>
    public double Dropout { get; init; }

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
    public int BlockSize { get; init; } = 256;

    /// <summary>Local window: the radius.</summary>
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

    /// <summary>Whether the layer checks its inputs for NaN and says where the first one is.</summary>
    /// <value>Default true. It costs one sum of each input.</value>
    public bool CheckNumbers { get; init; } = true;

    internal bool SameWidths => (KeyWidth ?? ModelWidth) == ModelWidth && (ValueWidth ?? ModelWidth) == ModelWidth;

    internal int HeadWidth => ModelWidth / Heads;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(AttentionOptions));
        errors.Require(ModelWidth >= 1, nameof(ModelWidth), ModelWidth, "must be at least 1");
        errors.Require(Heads >= 1, nameof(Heads), Heads, "must be at least 1");
        errors.Require(Heads < 1 || ModelWidth % Heads == 0, nameof(ModelWidth), ModelWidth, $"must be a multiple of Heads = {Heads}");
        errors.Require(KeyWidth is null or >= 1, nameof(KeyWidth), KeyWidth, "must be at least 1");
        errors.Require(ValueWidth is null or >= 1, nameof(ValueWidth), ValueWidth, "must be at least 1");
        errors.Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "must be from 0 to below 1");
        errors.Require(AdditiveWidth is null or >= 1, nameof(AdditiveWidth), AdditiveWidth, "must be at least 1");
        errors.Require(Temperature > 0, nameof(Temperature), Temperature, "must be greater than 0");
        errors.Require(BlockSize >= 1, nameof(BlockSize), BlockSize, "must be at least 1 token");
        errors.Require(WindowRadius >= 0, nameof(WindowRadius), WindowRadius, "must be 0 or more tokens");
        errors.Require(RandomFeatures >= 1, nameof(RandomFeatures), RandomFeatures, "must be at least 1");
        Algorithm.Validate(errors, Score, Temperature);
        errors.ThrowIfAny();
    }
}
