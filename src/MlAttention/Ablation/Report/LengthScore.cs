namespace MlAttention.Ablation;

/// <summary>Accuracy on the test texts of some lengths.</summary>
/// <param name="Shortest">Fewest tokens.</param>
/// <param name="Longest">Most tokens.</param>
/// <param name="Texts">How many test texts have such a length.</param>
/// <param name="Accuracy">Share that is right, averaged over the seeds.</param>
/// <param name="Deviation">Standard deviation over the seeds; null where it was not computed or for one seed.</param>
public sealed record LengthScore(int Shortest, int Longest, int Texts, double Accuracy, double? Deviation = null);
