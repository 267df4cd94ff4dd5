namespace MlAttention.Text;

/// <summary>The tokens with a key: the token at index i has key i + 1; key 0 is a token that is not here. Thread-safe.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, uint> _keys;
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _keysBySpan;

    /// <exception cref="ArgumentException">There are no tokens, one is empty, or one is there twice.</exception>
    public Vocabulary(IReadOnlyList<string> tokens)
    {
        if (tokens.Count == 0) throw new ArgumentException("A vocabulary needs at least one token.", nameof(tokens));
        Tokens = tokens;
        _keys = new Dictionary<string, uint>(tokens.Count, StringComparer.Ordinal);
        _keysBySpan = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (string.IsNullOrEmpty(tokens[i])) throw new ArgumentException($"Token {i + 1} of the vocabulary is empty.", nameof(tokens));
            if (!_keys.TryAdd(tokens[i], (uint)i + 1)) throw new ArgumentException($"Token {i + 1} of the vocabulary, '{tokens[i]}', is there already with key {_keys[tokens[i]]}.", nameof(tokens));
        }
    }

    /// <summary>The tokens in the order of their keys.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Number of tokens V.</summary>
    public int Size => Tokens.Count;

    /// <summary>The key of a token, or 0 when it has none.</summary>
    public uint Find(ReadOnlySpan<char> token) => _keysBySpan.TryGetValue(token, out var key) ? key : 0;
}
