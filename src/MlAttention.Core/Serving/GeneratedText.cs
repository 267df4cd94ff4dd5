namespace MlAttention;

/// <summary>A text that a <see cref="TextGenerator"/> has written.</summary>
/// <param name="Prompt">What it was given to begin with, as it was given.</param>
/// <param name="Continuation">What it has written, with the space that belongs behind the prompt.</param>
/// <param name="Tokens">The tokens that it has written.</param>
/// <param name="StopReason">Why the text ends.</param>
public sealed record GeneratedText(string Prompt, string Continuation, IReadOnlyList<string> Tokens, GenerationStopReason StopReason)
{
    /// <summary>The prompt and what follows it.</summary>
    public string Text => Prompt + Continuation;
}

/// <summary>Why a text ends.</summary>
public enum GenerationStopReason
{
    /// <summary>The model ended it, as the lines of its training data end.</summary>
    EndOfText,
    /// <summary>One of <see cref="GenerationOptions.StopTokens"/> came.</summary>
    StopToken,
    /// <summary>It has <see cref="GenerationOptions.MostTokens"/> tokens.</summary>
    MostTokens,
    /// <summary>With the prompt it has as many tokens as the model reads: <see cref="TextGenerator.MaxLength"/>.</summary>
    MaxLength,
}

/// <summary>How probable a model finds a text.</summary>
/// <param name="LogLikelihood">The natural logarithm of the probability of the predicted tokens: the sum of log p(token | those before it).</param>
/// <param name="Tokens">The tokens that were predicted, the end of the text among them.</param>
/// <param name="UnknownTokens">Tokens of the text that the vocabulary does not have; they are read, and not predicted.</param>
/// <param name="CutTokens">Tokens beyond <see cref="TextGenerator.MaxLength"/>, the end of the text among them, which were not predicted.</param>
public readonly record struct TextLikelihood(double LogLikelihood, int Tokens, int UnknownTokens, int CutTokens)
{
    /// <summary>e^(-<see cref="LogLikelihood"/> / <see cref="Tokens"/>): among how many equally probable tokens the model hesitates on average.</summary>
    /// <value>At least 1; not a number where no token was predicted.</value>
    public double Perplexity => Math.Exp(-LogLikelihood / Tokens);
}
