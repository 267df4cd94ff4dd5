using MlAttention.Core.Engines;
using MlAttention.Core.Explanations;

namespace MlAttention.Ablation.Runs;

/// <summary>Reads which tokens decide what a trained classifier says.</summary>
/// <param name="scorer">The classifier.</param>
/// <param name="configuration">Its architecture and sizes.</param>
/// <param name="vocabulary">The vocabulary's tokens as texts.</param>
/// <param name="options">How contributions are measured.</param>
internal sealed class ContributionReader(ISequenceScorer scorer, EngineConfiguration configuration, IReadOnlyList<string> vocabulary, ExplanationOptions options)
{
    private const int Digits = 4;

    private readonly TokenExplainer _explainer = new(scorer, configuration, vocabulary, options);

    /// <summary>The contributions of a text's tokens to a class.</summary>
    /// <param name="tokens">Token ids as in a batch, CLS included.</param>
    /// <param name="target">The class.</param>
    public TokenContributions Read(IReadOnlyList<int> tokens, int target)
    {
        var found = _explainer.Explain([.. tokens], target);
        return new(target, Rounded(found.IntegratedGradients), Rounded(found.LeaveOneOut), Math.Round(found.LogOdds, Digits), Math.Round(found.BaselineLogOdds, Digits), found.Agreement is { } agreement ? Math.Round(agreement, Digits) : null);
    }

    /// <summary>Whether the methods agree on texts, and whether they find the deciding token where the data tell it; each text is explained for the class predicted for it.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="predictions">The class predicted for each text.</param>
    /// <param name="deciding">Each text's deciding token, or null.</param>
    public ContributionAgreement Agreement(TokenDataset texts, IReadOnlyList<int> rows, int[] predictions, IReadOnlyList<DecidingWord?> deciding)
    {
        var builder = new BatchBuilder(texts, configuration.Model, []);
        var found = rows.Select(row => (Row: row, Contributions: Read(builder.Build([row]).Tokens.AsSpan(0, builder.Length(row)).ToArray(), predictions[row]))).ToArray();
        double[] agreements = [.. found.Select(text => text.Contributions.Agreement).OfType<double>()];
        var known = found.Where(text => deciding[text.Row] is not null && builder.TruncatedTokens(text.Row) == 0).ToArray();
        return new(configuration.Model.Positions, rows.Count, agreements.Length == 0 ? null : Math.Round(Sample.Mean(agreements), Digits), known.Length,
            known.Count(text => IsFound(deciding[text.Row]!, text.Contributions.IntegratedGradients)), known.Count(text => IsFound(deciding[text.Row]!, text.Contributions.LeaveOneOut)),
            known.Length == 0 ? null : Math.Round(known.Average(text => 1.0 / deciding[text.Row]!.Exchanged.Count), Digits));

        bool IsFound(DecidingWord word, IReadOnlyList<double> contributions) => word.Exchanged.MaxBy(place => contributions[configuration.Model.SpecialTokens + place]) == word.Place;
    }

    private static double[] Rounded(float[] numbers) => [.. numbers.Select(number => Math.Round(number, Digits))];
}
