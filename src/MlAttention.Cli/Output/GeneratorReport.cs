namespace MlAttention.Cli.Output;

/// <summary>How probable a generator finds texts, all together.</summary>
internal sealed class GeneratorReport
{
    private long _texts, _tokens, _unknown, _cut;
    private double _logLikelihood;

    /// <summary>Scores texts.</summary>
    /// <exception cref="InputException">There is no text.</exception>
    public static GeneratorReport Of(TextGenerator generator, IEnumerable<string> texts, CancellationToken cancellation)
    {
        var report = new GeneratorReport();
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            var likelihood = generator.Score(text);
            report._texts++;
            report._tokens += likelihood.Tokens;
            report._unknown += likelihood.UnknownTokens;
            report._cut += likelihood.CutTokens;
            report._logLikelihood += likelihood.LogLikelihood;
        }
        return report._texts > 0 ? report : throw new InputException("The files have no row.");
    }

    private double Perplexity => Math.Exp(-_logLikelihood / _tokens);

    /// <summary>For people.</summary>
    public string Sentence => ReportText.Invariant($"{ReportText.Counted(_texts, "text")}: perplexity {Perplexity:0.000} of {ReportText.Count(_tokens)} predicted words, ends of texts among them")
        + (_unknown > 0 ? $"; {ReportText.Count(_unknown)} unknown ones are not predicted" : "") + (_cut > 0 ? $"; {ReportText.Count(_cut)} beyond the longest text are cut" : "");

    /// <summary>For other programs.</summary>
    public string Json => JsonSerializer.Serialize(new { task = ModelOptions.NameOf(TaskKind.NextToken), texts = _texts, tokens = _tokens, unknownTokens = _unknown, cutTokens = _cut, logLikelihood = _logLikelihood, perplexity = Perplexity });
}
