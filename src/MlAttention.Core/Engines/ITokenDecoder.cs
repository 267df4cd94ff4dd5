namespace MlAttention.Core.Engines;

/// <summary>
/// Reads one sequence token by token and says after each what may come next: a causal model with a cache of the keys and values of what it
/// has read. It gives what scoring the whole sequence gives, and serves one thread at a time.
/// </summary>
internal interface ITokenDecoder : IDisposable
{
    /// <summary>Tokens read since <see cref="Restart"/>.</summary>
    int Length { get; }

    /// <summary>Most tokens of a sequence.</summary>
    int MaxLength { get; }

    /// <summary>Begins another sequence.</summary>
    void Restart();

    /// <summary>Reads the next token.</summary>
    /// <exception cref="InvalidOperationException">The sequence has <see cref="MaxLength"/> tokens already.</exception>
    void Read(int token);

    /// <summary>The logits [C] at the token that was read last.</summary>
    void Logits(Span<float> logits);
}
