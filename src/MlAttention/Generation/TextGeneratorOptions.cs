namespace MlAttention;

/// <summary>The columns, the tokenizer, the architecture and the training of a text generator.</summary>
public sealed record TextGeneratorOptions : SequenceModelOptions
{
    /// <summary>The default columns, tokenizer, architecture and training: a causal model whose head is its embedding.</summary>
    public TextGeneratorOptions() => (Task, Mask, Head) = (TaskKind.NextToken, MaskKind.Causal, HeadKind.Tied);

    /// <summary>The column with the texts, one a line.</summary>
    /// <value>Default "Text".</value>
    public string TextColumnName { get; init; } = "Text";

    /// <summary>The column with the logarithm of each text's probability.</summary>
    /// <value>Default "LogLikelihood".</value>
    public string LogLikelihoodColumnName { get; init; } = "LogLikelihood";

    /// <summary>The column with each text's perplexity.</summary>
    /// <value>Default "Perplexity".</value>
    public string PerplexityColumnName { get; init; } = "Perplexity";

    /// <summary>
    /// What a token is, and how large the vocabulary may be. The generator reads its own column, puts tokens of its own before and behind each
    /// text, and cuts texts at <see cref="SequenceModelOptions.MaxLength"/>, so those options stay as they are by default.
    /// </summary>
    /// <value>Default words, with capital letters as they are, since texts are written as they were read.</value>
    public TokenizeSequenceOptions Tokenizer { get; init; } = new() { LowerCase = false };

    /// <summary>How the generator is trained: each token is predicted from those before it, and the epoch with the lowest perplexity of the held-out texts is kept.</summary>
    /// <value>Default 40 epochs at most, without label smoothing, which would spread probability over words that cannot follow.</value>
    public TrainingOptions Training { get; init; } = new() { LabelSmoothing = 0 };

    private protected override void Validate(OptionErrors errors)
    {
        base.Validate(errors);
        ModelLimits.Require(errors, this);
        errors.Require(Task == TaskKind.NextToken, nameof(Task), Task, $"must be {TaskKind.NextToken}, the task of a generator");
        errors.Require(Truncation == TruncationSide.KeepStart && !KeepBoundaries, nameof(Truncation), Truncation, "must keep the start of a text, from which the rest is predicted");
        errors.Require(TokenTypes == 0 && SeparatorKey is null, nameof(TokenTypes), TokenTypes, "must be 0: a text has one part");
        RequireNames(errors);
        RequireTokenizer(errors);
        Training.Validate(errors);
        Training.RequireFit(errors, Task);
        errors.Require(Training.FrozenLayers <= Layers || Layers < 1, nameof(TrainingOptions.FrozenLayers), Training.FrozenLayers, $"must be at most {Layers}, the layers of the model");
    }

    private void RequireNames(OptionErrors errors)
    {
        string[] names = [TextColumnName, LogLikelihoodColumnName, PerplexityColumnName];
        errors.Require(!names.Any(string.IsNullOrEmpty), nameof(TextColumnName), TextColumnName, "and the names of the other columns must not be empty");
        errors.Require(names.Distinct(StringComparer.Ordinal).Count() == names.Length, nameof(TextColumnName), string.Join(", ", names), "and the names of the other columns must differ");
    }

    private void RequireTokenizer(OptionErrors errors)
    {
        var (given, defaults) = (Tokenizer, new TokenizeSequenceOptions());
        errors.Require(given.Tokenizer != TokenizerKind.Pretrained, nameof(given.Tokenizer), given.Tokenizer, "is for encoders; a generator learns a vocabulary of words, characters or byte pairs");
        errors.Require(given.UnknownToken is null && given.ClsToken is null, nameof(given.UnknownToken), given.UnknownToken ?? given.ClsToken, "must be null, and ClsToken too: a generator never writes them");
        errors.Require(given.MaxLength == 0, nameof(given.MaxLength), given.MaxLength, "of the tokenizer must be 0; MaxLength of the model cuts texts");
        errors.Require(given.InputColumnName == defaults.InputColumnName && given.InputColumnNames is null, nameof(given.InputColumnName), given.InputColumnName, "and InputColumnNames must be the defaults: TextColumnName names the column");
        errors.Require(given.OutputColumnName == defaults.OutputColumnName && given.Columns == defaults.Columns, nameof(given.OutputColumnName), given.OutputColumnName, "of the tokenizer must be the default: its tokens are no column");
    }
}
