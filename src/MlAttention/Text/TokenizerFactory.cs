namespace MlAttention.Text;

/// <summary>The one place that chooses a tokenizer.</summary>
internal static class TokenizerFactory
{
    /// <summary>What learns the vocabulary.</summary>
    public static IVocabularyTrainer CreateTrainer(TokenizeSequenceOptions options) => options.Tokenizer switch
    {
        TokenizerKind.Word => new WholeTokenTrainer(new WordSplitter(options.KeepPunctuation)),
        TokenizerKind.Character => new WholeTokenTrainer(new CharacterSplitter()),
        TokenizerKind.BytePair => new BytePairTrainer(options.KeepPunctuation),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Tokenizer, "is not a tokenizer"),
    };

    /// <summary>What turns texts into the vocabulary's keys.</summary>
    public static ITokenEncoder CreateEncoder(TokenizeSequenceOptions options, Vocabulary vocabulary) => options.Tokenizer switch
    {
        TokenizerKind.Word => new WholeTokenEncoder(new WordSplitter(options.KeepPunctuation), vocabulary),
        TokenizerKind.Character => new WholeTokenEncoder(new CharacterSplitter(), vocabulary),
        TokenizerKind.BytePair => new BytePairEncoder(vocabulary, options.KeepPunctuation),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Tokenizer, "is not a tokenizer"),
    };
}
