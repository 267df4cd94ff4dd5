namespace MlAttention.Core.Text.Subwords;

/// <summary>The tokens of a file with their ids, while it is read.</summary>
/// <param name="file">The file's name, for errors.</param>
internal sealed class TokenTable(string file)
{
    /// <summary>Ids may leave gaps; a larger one than that is a damaged file, which must not ask for memory.</summary>
    private const int MostGaps = 100_000;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Every token with its id; of a token that is there twice the last counts.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>Adds a token.</summary>
    public void Add(string token, int id)
    {
        if (id < 0) throw new InvalidDataException($"{file}: the token '{token}' has the id {id}; ids begin at 0.");
        _ids[token] = id;
    }

    /// <summary>The id of a token, or null when it has none.</summary>
    public int? Find(string? token) => token is not null && _ids.TryGetValue(token, out int id) ? id : null;

    /// <summary>The id of a token that has to be there.</summary>
    public int Require(string token, string role) => Find(token) ?? throw new InvalidDataException($"{file}: has no token '{token}', which is the {role}. Is the file whole, and does it belong to the tokenizer_config.json beside it?");

    /// <summary>The tokens by the start of what they are written with.</summary>
    public TokenTrie ToTrie()
    {
        var trie = new TokenTrie();
        foreach (var (token, id) in _ids)
        {
            if (token.Length > 0) trie.Add(token, id);
        }
        return trie;
    }

    /// <summary>The tokens in the order of their ids; a gap gets a token of its own.</summary>
    public string[] InOrder()
    {
        if (_ids.Count == 0) throw new InvalidDataException($"{file}: has no tokens.");
        int largest = _ids.Values.Max();
        if (largest >= _ids.Count + MostGaps) throw new InvalidDataException($"{file}: has {_ids.Count} tokens, and one with the id {largest}. Is the file whole?");
        string?[] tokens = new string?[largest + 1];
        foreach (var (token, id) in _ids)
        {
            if (token.Length > 0) tokens[id] ??= token;
        }
        var taken = tokens.OfType<string>().ToHashSet(StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++) tokens[id] ??= Unused(id, taken);
        return tokens!;
    }

    private static string Unused(int id, HashSet<string> taken)
    {
        string name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[no token {id}]");
        while (!taken.Add(name)) name += "'";
        return name;
    }
}
