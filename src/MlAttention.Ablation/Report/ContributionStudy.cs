namespace MlAttention.Ablation.Report;

/// <summary>What each token of a text contributes to the log-odds of a class, by two methods.</summary>
/// <param name="Class">The class, an index.</param>
/// <param name="IntegratedGradients">One number for each token, in nats (Sundararajan, Taly and Yan 2017).</param>
/// <param name="LeaveOneOut">The log-odds less those with an unknown word in the token's place, in nats.</param>
/// <param name="LogOdds">The text's log-odds, in nats.</param>
/// <param name="BaselineLogOdds">Those of a text of unknown words, in nats: integrated gradients add up to the difference.</param>
/// <param name="Agreement">Kendall's tau-b of the two methods; null where it does not exist.</param>
internal sealed record TokenContributions(
    int Class, IReadOnlyList<double> IntegratedGradients, IReadOnlyList<double> LeaveOneOut, double LogOdds, double BaselineLogOdds, double? Agreement)
{
    /// <summary>Both methods with their names.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Method, IReadOnlyList<double> Contributions)> ByMethod => [("Integrated gradients", IntegratedGradients), ("Leave one out", LeaveOneOut)];
}

/// <summary>Whether two methods agree on which words decide, over some test texts.</summary>
/// <param name="Variants">One for each scheme whose models were asked.</param>
internal sealed record ContributionStudy(IReadOnlyList<ContributionAgreement> Variants);

/// <summary>The methods' agreement for one model.</summary>
/// <param name="Positions">The model's scheme.</param>
/// <param name="Texts">The test texts that were explained, each for its predicted class.</param>
/// <param name="Agreement">The mean of Kendall's tau-b over those for which it exists; null where it does for none.</param>
/// <param name="Known">How many of them have one deciding word by their siblings: the same words in another order, with another label.</param>
/// <param name="ByIntegratedGradients">In how many of those integrated gradients put that word before all others that changed places.</param>
/// <param name="ByLeaveOneOut">In how many leave-one-out does.</param>
/// <param name="Chance">In what share of those a guess among the words that changed places is right; null where none is known.</param>
internal sealed record ContributionAgreement(PositionScheme Positions, int Texts, double? Agreement, int Known, int ByIntegratedGradients, int ByLeaveOneOut, double? Chance);
