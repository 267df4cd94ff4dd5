namespace MlAttention.Reporting;

/// <summary>The report in words.</summary>
/// <param name="Headline">What was lost, in one sentence.</param>
/// <param name="Evidence">How sure that is, and what else was found; one sentence or two each.</param>
/// <param name="Limits">What may not be concluded.</param>
public sealed record ReportVerdict(string Headline, IReadOnlyList<string> Evidence, IReadOnlyList<string> Limits);
