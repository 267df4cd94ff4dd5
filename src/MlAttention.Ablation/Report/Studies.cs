namespace MlAttention.Ablation.Report;

/// <summary>How schemes do on texts longer than any they were trained on.</summary>
/// <param name="TrainedLength">The longest training text, in tokens.</param>
/// <param name="Curves">One curve a scheme.</param>
internal sealed record LengthStudy(int TrainedLength, IReadOnlyList<LengthCurve> Curves)
{
    /// <summary>The accuracy of guessing: its task has two classes.</summary>
    internal const double Chance = 0.5;
}

/// <summary>One scheme's accuracy by length.</summary>
/// <param name="Positions">The scheme.</param>
/// <param name="Points">Accuracy in each bin of lengths, averaged over the seeds.</param>
/// <param name="Remark">What the scheme cannot do, for example learned positions beyond their table; null when there is nothing to say.</param>
internal sealed record LengthCurve(PositionScheme Positions, IReadOnlyList<LengthScore> Points, string? Remark);

/// <summary>Measured time and memory against the length n and the width d.</summary>
/// <param name="Device">Threads and processor of the measurement.</param>
/// <param name="Series">One series for each algorithm and each varied quantity.</param>
internal sealed record ComplexityStudy(string Device, IReadOnlyList<ComplexitySeries> Series);

/// <summary>One algorithm's cost as one quantity grows.</summary>
/// <param name="Algorithm">The algorithm, for example "attention, full" or "LSTM".</param>
/// <param name="Varied">"n" for the length in tokens or "d" for the width.</param>
/// <param name="Fixed">The other quantity's value.</param>
/// <param name="Points">The measurements, on one thread.</param>
/// <param name="TimeExponent">Slope of log time over log of the varied quantity, fitted to the upper half of the points.</param>
/// <param name="MemoryExponent">Slope of log extra memory likewise; null where memory was not measured.</param>
/// <param name="ParallelSpeedup">Time on one thread divided by time on all, at the largest size; null on a machine with one core.</param>
/// <param name="Theory">What textbooks say.</param>
/// <param name="TimeFit">R² of the fit of time; null in reports of versions that did not give it.</param>
internal sealed record ComplexitySeries(
    string Algorithm, string Varied, int Fixed, IReadOnlyList<ComplexityPoint> Points, double TimeExponent, double? MemoryExponent, double? ParallelSpeedup, ComplexityTheory Theory, double? TimeFit = null)
{
    private const double LeastFit = 0.95;

    /// <summary>Whether time grows with the size throughout and the fitted line follows it; if not, other work of the machine is what was measured.</summary>
    [JsonIgnore]
    public bool IsReliable => TimeFit is null or >= LeastFit && Points.Zip(Points.Skip(1)).All(pair => pair.First.Milliseconds < pair.Second.Milliseconds);

    /// <summary>The exponent of time, or that there is none to rely on.</summary>
    [JsonIgnore]
    public string ExponentText => IsReliable ? ReportText.Number(Math.Round(TimeExponent, 2)) : "unreliable";
}

/// <summary>One measurement.</summary>
/// <param name="Size">The varied quantity.</param>
/// <param name="Milliseconds">Median wall time of a forward pass, in ms.</param>
/// <param name="Bytes">Peak extra memory of one forward pass, in bytes; null where it was not measured.</param>
/// <param name="Spread">Half the distance between the quartiles of the times, in ms; null in reports of versions that did not give it.</param>
internal sealed record ComplexityPoint(int Size, double Milliseconds, double? Bytes, double? Spread = null);

/// <summary>What textbooks say of an algorithm (Vaswani et al. 2017, table 1).</summary>
/// <param name="Time">Order of time in the length n and the width d, projections included, for example "O(n^2 d + n d^2)".</param>
/// <param name="TimeExponent">The exponent of time in the varied quantity, for example "2"; "1 to 2" where it depends on which term is larger.</param>
/// <param name="MemoryExponent">The exponent of memory for activations in the varied quantity.</param>
/// <param name="SequentialSteps">Steps that must wait for each other, for example "O(n)".</param>
internal sealed record ComplexityTheory(string Time, string TimeExponent, string MemoryExponent, string SequentialSteps);

/// <summary>What the heads of trained models attend to.</summary>
/// <param name="Patterns">One for each scheme and text.</param>
internal sealed record AttentionStudy(IReadOnlyList<AttentionPattern> Patterns);

/// <summary>The attention weights of one model on one text.</summary>
/// <param name="Positions">The model's scheme.</param>
/// <param name="Tokens">The text's tokens.</param>
/// <param name="Heads">All heads of all layers.</param>
internal sealed record AttentionPattern(PositionScheme Positions, IReadOnlyList<string> Tokens, IReadOnlyList<AttentionHead> Heads)
{
    /// <summary>What the text has for the tokens that the model does not know; null where it knows all, and in reports of versions that did not give it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnknownWord>? UnknownWords { get; init; }

    /// <summary>The probability of each class; null in reports of versions that did not give it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Probabilities { get; init; }

    /// <summary>The text's class, an index; null where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Label { get; init; }

    /// <summary>What each token contributes to the predicted class, or to the one that was asked for; null in reports of versions that did not give it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenContributions? Contributions { get; init; }

    /// <summary>The tokens, unknown words as the text has them.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Words
    {
        get
        {
            string[] words = [.. Tokens];
            foreach (var unknown in UnknownWords ?? []) words[unknown.Token] = unknown.Word;
            return words;
        }
    }

    /// <summary>The weights alone: the place of each token stands for it.</summary>
    public AttentionPattern WithoutText() => this with { Tokens = [.. Enumerable.Range(1, Tokens.Count).Select(place => Invariant($"{place}"))], UnknownWords = null };
}

/// <summary>A word that a model does not know.</summary>
/// <param name="Token">Its place among the tokens, from 0.</param>
/// <param name="Word">What the text has there.</param>
internal readonly record struct UnknownWord(int Token, string Word);

/// <summary>One head on one text.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Head">Head, from 0.</param>
/// <param name="Weights">Weights [L,L] row-major: the row's token attends to the column's.</param>
/// <param name="Entropy">Mean entropy of a row, in nats; 0 looks at one token, log L at all alike.</param>
/// <param name="MeanDistance">Mean distance to the token attended to, in tokens.</param>
/// <param name="DiagonalShare">Mean weight of the token itself.</param>
/// <param name="PreviousShare">Mean weight of the token before.</param>
internal sealed record AttentionHead(int Layer, int Head, double[] Weights, double Entropy, double MeanDistance, double DiagonalShare, double PreviousShare);
