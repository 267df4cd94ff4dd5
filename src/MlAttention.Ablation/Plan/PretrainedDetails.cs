using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MlAttention;

/// <summary>What an ablation of a pretrained encoder has beside an ablation from scratch.</summary>
public sealed record PretrainedDetails
{
    /// <summary>Random orders of the pieces of a text that a model blind to order must not notice.</summary>
    internal const int PieceShuffles = 100;

    private static readonly PretrainedVariant[] s_armsOnRequest = [PretrainedVariant.ShuffledAroundPunctuation, PretrainedVariant.ShuffledPieces];

    /// <summary>The encoder, as the report names it; set with <see cref="AblationPlan.Pretrained"/>.</summary>
    public PretrainedIdentity? Encoder { get; init; }

    /// <summary>What is done to the order.</summary>
    /// <value>Different values, <see cref="PretrainedVariant.Ordered"/> among them. Default: all but the two further arms of training, with punctuation in place and with shuffled pieces.</value>
    public IReadOnlyList<PretrainedVariant> Variants { get; init; } = [.. Enum.GetValues<PretrainedVariant>().Except(s_armsOnRequest)];

    /// <summary>Learning rates of which each trained variant takes the one that is best on the dev texts of the first seed.</summary>
    /// <value>Greater than 0; default 5e-5 and 2e-4. With one there is nothing to choose.</value>
    public IReadOnlyList<double> LearningRates { get; init; } = [5e-5, 2e-4];

    /// <summary>Random orders of the runs and windows in which each test text is tried; whole shuffles are <see cref="AblationPlan.ShuffleSeeds"/>.</summary>
    /// <value>At least 1; default 5.</value>
    public int GradedShuffles { get; init; } = 5;

    /// <summary>Random orders of each text for the figures over permutations (Ω and those beside it).</summary>
    /// <value>At least 1; default 100.</value>
    public int Permutations { get; init; } = 100;

    /// <summary>Most test texts for the figures over permutations.</summary>
    /// <value>At least 1; default 500.</value>
    public int PermutationTexts { get; init; } = 500;

    /// <summary>Test texts whose pieces are shuffled 100 times, to see whether a model is blind to order that has to be.</summary>
    /// <value>At least 1; default 20.</value>
    public int GateTexts { get; init; } = 20;

    internal void Validate(OptionErrors errors)
    {
        Require(Variants.Contains(PretrainedVariant.Ordered), nameof(Variants), string.Join(',', Variants), $"must name {PretrainedVariant.Ordered}, which the others are compared with");
        Require(Variants.Distinct().Count() == Variants.Count, nameof(Variants), string.Join(',', Variants), "must not name one twice");
        Require(Variants.All(Enum.IsDefined), nameof(Variants), string.Join(',', Variants), "names one that there is not");
        Require(LearningRates.Count > 0 && LearningRates.All(rate => rate > 0 && double.IsFinite(rate)), nameof(LearningRates), string.Join(", ", LearningRates.Select(Number)), "must name at least one, all greater than 0");
        Require(LearningRates.Distinct().Count() == LearningRates.Count, nameof(LearningRates), string.Join(", ", LearningRates.Select(Number)), "must not name one twice");
        Require(GradedShuffles >= 1, nameof(GradedShuffles), GradedShuffles, "must be at least 1");
        Require(Permutations >= 1, nameof(Permutations), Permutations, "must be at least 1");
        Require(PermutationTexts >= 1, nameof(PermutationTexts), PermutationTexts, "must be at least 1 text");
        Require(GateTexts >= 1, nameof(GateTexts), GateTexts, "must be at least 1 text");

        void Require(bool holds, string name, object value, string rule) => errors.Require(holds, $"{nameof(AblationPlan.PretrainedDetails)}.{name}", value, rule);

        static string Number(double rate) => rate.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>Which encoder it was: enough to know it again.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Family">The family as config.json names it, for example "bert".</param>
/// <param name="Width">Width D.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Attention heads of a layer.</param>
/// <param name="PositionRows">Rows of the table of positions.</param>
/// <param name="Tokens">Tokens of the vocabulary.</param>
/// <param name="Parameters">Number of weights, without a head.</param>
/// <param name="Fingerprint">SHA-256 over names and values of the weights, in hexadecimal.</param>
public sealed record PretrainedIdentity(string Name, string Family, int Width, int Layers, int Heads, int PositionRows, int Tokens, long Parameters, string Fingerprint)
{
    /// <summary>The identity of an encoder.</summary>
    internal static PretrainedIdentity Of(PretrainedEncoder encoder)
    {
        var model = encoder.Architecture;
        return new(
            encoder.Name, encoder.ModelType, model.ModelWidth, model.Layers, model.Heads, model.PositionRows, encoder.Tokenizer.VocabularySize, encoder.Weights.Sum(weight => (long)weight.Values.Length) - 2L * model.ModelWidth,
            FingerprintOf(encoder.Weights));
    }

    private static string FingerprintOf(IReadOnlyList<WeightTensor> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var weight in weights.OrderBy(weight => weight.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(weight.Name));
            hash.AppendData(MemoryMarshal.AsBytes(weight.Values.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
