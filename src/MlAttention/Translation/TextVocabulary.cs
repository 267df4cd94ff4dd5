using MlAttention.Core.Text;

namespace MlAttention.Translation;

/// <summary>One side's texts as keys, and keys as a text again.</summary>
/// <param name="Options">How texts are cut into tokens.</param>
/// <param name="Vocabulary">The tokens with a key.</param>
internal sealed record TextVocabulary(TokenizeSequenceOptions Options, Vocabulary Vocabulary)
{
    private const char StartOfWord = '\u2581';

    /// <summary>What cuts texts; one instance serves one thread.</summary>
    public KeyedTokenizer NewTokenizer() => new(new SequenceTokenizer(Options, Vocabulary));

    /// <summary>A token as a reader sees it.</summary>
    public string Name(int id) => TokenIds.Name(id, Vocabulary.Tokens);

    /// <summary>The text of keys: words with a space between them, characters without, byte pairs as their words.</summary>
    public string Join(IReadOnlyList<int> keys)
    {
        var tokens = keys.Select(key => Vocabulary.Tokens[key - 1]);
        return Options.Tokenizer switch
        {
            TokenizerKind.Word => string.Join(' ', tokens),
            TokenizerKind.Character => string.Concat(tokens),
            _ => string.Concat(tokens).Replace(StartOfWord, ' ').Trim(),
        };
    }

    public void Write(ComponentState state, string name)
    {
        state.Add(name + "Options", Options, ServingJson.Default.TokenizeSequenceOptions);
        state.Add(name, Vocabulary.Tokens);
    }

    public static TextVocabulary Read(ComponentState state, string name) =>
        new(state.TakeOptions(name + "Options", ServingJson.Default.TokenizeSequenceOptions, options => options.Validate()), new Vocabulary(state.TakeTexts(name)));
}

/// <summary>Cuts texts into keys. One instance serves one thread.</summary>
internal sealed class KeyedTokenizer(SequenceTokenizer tokenizer)
{
    /// <summary>The keys of a text: 0 unknown, 1..V.</summary>
    public int[] Keys(ReadOnlySpan<char> text)
    {
        var keys = tokenizer.Tokenize(text);
        var copy = new int[keys.Length];
        for (var i = 0; i < copy.Length; i++) copy[i] = (int)keys[i];
        return copy;
    }
}

/// <summary>Reads sources as training has read them. One instance serves one thread.</summary>
internal sealed class SourceReader(SequenceToSequenceModel model)
{
    private readonly KeyedTokenizer _tokenizer = model.Source.NewTokenizer();
    private readonly TokenMapper _mapper = new(model.Encoder, model.Tokens.SourceVocabulary);

    /// <summary>The ids of a source, and how many of its tokens were cut.</summary>
    public (int[] Ids, int Cut) Read(ReadOnlySpan<char> text)
    {
        var keys = _tokenizer.Keys(text);
        return (_mapper.FromKeys(keys), _mapper.Cut(keys.Length));
    }
}
