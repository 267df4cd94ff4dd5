namespace MlAttention;

/// <summary>How a text is written: how the next token is chosen from what the model says, and when the text ends.</summary>
/// <remarks>
/// The steps follow each other as they stand here: repetitions are made less probable, then tokens that would repeat an n-gram are taken
/// out, then softmax(logits / <see cref="Temperature"/>), then the most probable <see cref="TopK"/> stay, then the fewest of these that have
/// <see cref="TopP"/> of their probability.
/// </remarks>
public sealed record GenerationOptions
{
    /// <summary>Divides the logits: below 1 probable tokens become more probable, above 1 all become more alike.</summary>
    /// <value>0 or more; default 1, the model's own probabilities. 0 always takes the most probable token, of several the first in the vocabulary.</value>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the most probable tokens may be chosen (Fan et al. 2018).</summary>
    /// <value>0 for all, or at least 1 token; default 0.</value>
    public int TopK { get; init; }

    /// <summary>Only the fewest most probable tokens that together have this probability may be chosen: the nucleus (Holtzman et al. 2020).</summary>
    /// <value>Greater than 0, at most 1 for all; default 1.</value>
    public double TopP { get; init; } = 1;

    /// <summary>
    /// Makes tokens less probable that are in the text already, the prompt included: a logit above 0 is divided by it, one below 0 multiplied
    /// (Keskar et al. 2019, CTRL, section 4.1; their θ).
    /// </summary>
    /// <value>At least 1 for no change; default 1. The paper uses 1.2.</value>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>No run of so many tokens stands twice in the text, the prompt included (Paulus et al. 2018, section 2.5, for 3).</summary>
    /// <value>0 for no such rule, or at least 1 token; default 0.</value>
    public int NoRepeatNgram { get; init; }

    /// <summary>Most tokens to write.</summary>
    /// <value>At least 1 token; default null: until the text ends by itself, or has the most tokens that the model reads.</value>
    public int? MostTokens { get; init; }

    /// <summary>Tokens of the vocabulary that end the text; they are not part of it.</summary>
    /// <value>Default none: only the token that ends each line of the training data does.</value>
    public IReadOnlyList<string> StopTokens { get; init; } = [];

    /// <summary>All choices follow from this number and the prompt.</summary>
    /// <value>Default 1. Another number gives another text.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(GenerationOptions));
        errors.Require(Temperature >= 0 && double.IsFinite(Temperature), nameof(Temperature), Temperature, "must be 0 or more");
        errors.Require(TopK >= 0, nameof(TopK), TopK, "must be 0 for all tokens, or at least 1");
        errors.Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "must be greater than 0 and at most 1");
        errors.Require(RepetitionPenalty >= 1 && double.IsFinite(RepetitionPenalty), nameof(RepetitionPenalty), RepetitionPenalty, "must be at least 1");
        errors.Require(NoRepeatNgram >= 0, nameof(NoRepeatNgram), NoRepeatNgram, "must be 0 for no rule, or at least 1 token");
        errors.Require(MostTokens is null or >= 1, nameof(MostTokens), MostTokens, "must be at least 1 token, or null");
        errors.Require(StopTokens is not null && !StopTokens.Any(string.IsNullOrEmpty), nameof(StopTokens), StopTokens is null ? null : $"[{string.Join(", ", StopTokens)}]", "must be tokens of the vocabulary");
        errors.ThrowIfAny();
    }
}
