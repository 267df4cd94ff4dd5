namespace MlAttention;

/// <summary>What pre-training came to.</summary>
/// <remarks>
/// Perplexity is e^(mean cross entropy) of the masked places of the held-out texts, in tokens: among how many tokens, all alike, a guess would be
/// as uncertain. Their masks are the same before training and after each epoch, so that the numbers compare; those of another vocabulary do not.
/// </remarks>
public sealed record PretrainingSummary
{
    /// <summary>Texts that were trained on.</summary>
    public required int TrainingTexts { get; init; }

    /// <summary>Texts that were held out to measure perplexity and to choose the epoch.</summary>
    public required int HeldOutTexts { get; init; }

    /// <summary>Texts without a word to mask, which were left out.</summary>
    public required int EmptyTexts { get; init; }

    /// <summary>Perplexity before training; null where no text is held out.</summary>
    public double? PerplexityBefore { get; init; }

    /// <summary>Perplexity of the weights that were kept; null where no text is held out.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Perplexity after each epoch; none where no text is held out.</summary>
    public required IReadOnlyList<double> Perplexities { get; init; }

    /// <summary>The epoch, from 1, whose weights were kept.</summary>
    public required int ChosenEpoch { get; init; }

    /// <summary>Wall time of training, with that before a resumed checkpoint.</summary>
    public required TimeSpan Duration { get; init; }
}
