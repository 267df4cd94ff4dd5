using System.Text;
using MlAttention.Core.Text.Subwords;

namespace MlAttention.Core.Text;

/// <summary>Learns the vocabulary of BERT's tokenizer from texts, as the files that a Hugging Face folder has of it.</summary>
/// <remarks>
/// Words are what BERT's own steps make of a text. The pieces are the characters, at the start of a word and after it, and then the most
/// frequent pairs of neighbours, merged again and again (Sennrich et al. 2016, algorithm 1), as Hugging Face's WordPieceTrainer learns them.
/// </remarks>
internal sealed class WordPieceTrainer
{
    /// <summary>A pair that occurs once would be a piece of one word.</summary>
    private const int FewestOfAPair = 2;

    private static readonly string[] s_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly TokenCounter _counter = new();
    private readonly Dictionary<string, byte[]> _configuration;
    private readonly SubwordEncoder _steps;

    public WordPieceTrainer(bool lowerCase)
    {
        string json = $$"""{"tokenizer_class": "BertTokenizer", "do_lower_case": {{(lowerCase ? "true" : "false")}}}""";
        _configuration = new(StringComparer.Ordinal) { [SpecialTokens.ConfigurationName] = Encoding.UTF8.GetBytes(json + "\n") };
        _steps = new SubwordPipeline
        {
            Tokens = s_special,
            Model = new WordCounter(_counter),
            Normalizers = VocabularyFile.Normalizers(new SpecialTokens(_configuration)),
            PreTokenizers = VocabularyFile.PreTokenizers(),
        }.CreateEncoder();
    }

    /// <summary>Counts the words of a text.</summary>
    public void Add(ReadOnlySpan<char> text) => _steps.Encode(text, []);

    /// <summary>The files of a tokenizer of at most so many tokens.</summary>
    /// <exception cref="ArgumentException">There is no word, or no place for a token.</exception>
    public Dictionary<string, byte[]> Learn(int maxSize)
    {
        if (maxSize <= s_special.Length) throw new ArgumentException($"A vocabulary of {maxSize} tokens has no place beside the {s_special.Length} special ones; give more.", nameof(maxSize));
        if (_counter.Counts.Count == 0) throw new ArgumentException("The texts have no word to learn a vocabulary from.");
        List<string> pieces = [.. Characters().MostFrequent(maxSize - s_special.Length, minCount: 1)];
        var pairs = new BytePairStatistics(_counter.Counts, pieces, WordMark.Continuation.Text);
        var known = pieces.ToHashSet(StringComparer.Ordinal);
        while (pieces.Count < maxSize - s_special.Length && pairs.MergeMostFrequent(FewestOfAPair) is { } merged)
            if (known.Add(merged)) pieces.Add(merged);
        return new(_configuration, StringComparer.Ordinal) { [VocabularyFile.FileName] = Encoding.UTF8.GetBytes(string.Join('\n', [.. s_special, .. pieces]) + "\n") };
    }

    private TokenCounter Characters()
    {
        var characters = new TokenCounter();
        foreach (var (word, count) in _counter.Counts)
            foreach (string character in BytePairStatistics.Characters(word, WordMark.Continuation.Text)) characters.Add(character, count);
        return characters;
    }

    /// <summary>Counts words in place of giving them ids.</summary>
    private sealed class WordCounter(TokenCounter counter) : TokenModel
    {
        public override void Encode(ReadOnlySpan<char> word, List<int> ids, ModelMemory memory)
        {
            if (word.Length <= WordPieceModel.DefaultMaxCharacters) counter.Add(word);      // longer ones are unknown whatever the vocabulary
        }
    }
}
