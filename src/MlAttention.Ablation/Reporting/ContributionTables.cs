namespace MlAttention.Ablation.Reporting;

/// <summary>Which words decided, as tables.</summary>
internal static class ContributionTables
{
    private const int WidestBar = 12; // characters
    private const int MostTokens = 40;

    /// <summary>The contributions of a text's tokens to a class, with a bar for those of integrated gradients; of a long text the largest, which the title says.</summary>
    /// <param name="words">The tokens.</param>
    /// <param name="contributions">What its tokens contribute.</param>
    /// <param name="label">The class.</param>
    public static ReportTable Tokens(IReadOnlyList<string> words, TokenContributions contributions, string label)
    {
        double largest = contributions.IntegratedGradients.Max(Math.Abs);
        int[] shown = [.. Enumerable.Range(0, words.Count).OrderByDescending(token => Math.Abs(contributions.IntegratedGradients[token])).Take(MostTokens).Order()];
        string which = shown.Length == words.Count ? "" : Invariant($"; the {MostTokens} largest of {words.Count} tokens");
        return new($"What speaks for {label}, in nats of its log-odds{which}", ["token", "", "integrated gradients", "leave one out"], 2,
        [
            .. shown.Select(IReadOnlyList<string> (token) =>
                [words[token], Bar(contributions.IntegratedGradients[token], largest), Signed(contributions.IntegratedGradients[token]), Signed(contributions.LeaveOneOut[token])]),
        ]);
    }

    /// <summary>What adds up to what, and whether the two methods agree.</summary>
    public static string Sum(TokenContributions contributions) => Invariant(
        $"Log-odds {contributions.LogOdds:0.00}, of unknown words alone {contributions.BaselineLogOdds:0.00}; integrated gradients add up to {Signed(contributions.IntegratedGradients.Sum())}. Agreement of the two methods (Kendall's tau-b): {Tau(contributions.Agreement)}.");

    /// <summary>How well the methods agree with each other, and with the data where these tell which word decides.</summary>
    public static ReportTable Agreement(ContributionStudy? study)
    {
        bool isKnown = study?.Variants.Any(variant => variant.Known > 0) == true;
        return new("Which words decided: agreement of integrated gradients and leave-one-out",
            ["positions", "texts", "Kendall's tau-b, mean", .. isKnown ? ["texts with a known deciding word", "found by integrated gradients", "found by leave-one-out", "by chance"] : Array.Empty<string>()], 1,
            [
                .. (study?.Variants ?? []).Select(IReadOnlyList<string> (variant) =>
                [
                    VariantNames.Of(variant.Positions), Count(variant.Texts), Tau(variant.Agreement),
                    .. isKnown ? [Count(variant.Known), Share(variant.ByIntegratedGradients, variant.Known), Share(variant.ByLeaveOneOut, variant.Known), Percent(variant.Chance)] : Array.Empty<string>(),
                ]),
            ]);
    }

    /// <summary>A contribution with its sign, for example "+2.13".</summary>
    public static string Signed(double contribution) => Invariant($"{contribution:+0.00;-0.00;0.00}");

    /// <summary>Kendall's tau-b, for example "0.82".</summary>
    public static string Tau(double? agreement) => agreement is { } tau ? Invariant($"{tau:0.00}") : "–";

    private static string Share(int count, int all) => all == 0 ? "–" : Percent(count / (double)all);

    private static string Bar(double contribution, double largest)
    {
        int length = largest == 0 ? 0 : (int)Math.Round(WidestBar * Math.Abs(contribution) / largest, MidpointRounding.AwayFromZero);
        return new string(contribution < 0 ? '-' : '+', length);
    }
}
