using System.Text;

namespace MlAttention.Text;

/// <summary>Makes the vocabulary that the options describe, from texts or from a file.</summary>
internal sealed class VocabularyLearner(TokenizeSequenceOptions options)
{
    private readonly TextNormalizer _normalizer = new(options.UnicodeForm, options.LowerCase);
    private readonly IVocabularyTrainer _trainer = TokenizerFactory.CreateTrainer(options);

    /// <summary>Takes a text into account.</summary>
    public void Add(ReadOnlySpan<char> text) => _trainer.Add(_normalizer.Normalize(text));

    /// <summary>The special tokens, then the learned ones.</summary>
    /// <exception cref="InvalidOperationException">The texts have no token.</exception>
    public Vocabulary Learn()
    {
        var special = options.SpecialTokens.ToArray();
        var learned = _trainer.Learn(options.MaxSize - special.Length, options.MinCount).Where(token => !special.Contains(token)).ToArray();
        if (learned.Length == 0)
            throw new InvalidOperationException($"The column '{options.InputColumnName ?? options.OutputColumnName}' has no token that occurs at least MinCount = {options.MinCount} times, so there is no vocabulary. Are the texts empty?");
        return new Vocabulary([.. special, .. learned]);
    }

    /// <summary>The vocabulary of a file with one token a line.</summary>
    /// <exception cref="InvalidDataException">The file is not UTF-8, has no token, an empty line, or a token twice.</exception>
    public static Vocabulary Read(string path, TokenizeSequenceOptions options)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{path}: the vocabulary file is not UTF-8.", exception);
        }

        try
        {
            return new Vocabulary([.. options.SpecialTokens.Except(lines), .. lines]);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }
}
