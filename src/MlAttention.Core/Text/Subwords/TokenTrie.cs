namespace MlAttention.Core.Text.Subwords;

/// <summary>Tokens by their characters, so that every token that begins at a place of a text is found in one walk. Thread-safe once filled.</summary>
internal sealed class TokenTrie
{
    /// <summary>The node before the first character.</summary>
    public const int Root = 0;

    private const int None = -1;

    private readonly Dictionary<long, int> _next = [];
    private readonly List<int> _values = [None];

    /// <summary>Adds a token; a token that is there already gets the new value.</summary>
    public void Add(ReadOnlySpan<char> token, int value)
    {
        int node = Root;
        foreach (char letter in token)
        {
            ref int next = ref CollectionsMarshal.GetValueRefOrAddDefault(_next, KeyOf(node, letter), out bool known);
            if (!known)
            {
                next = _values.Count;
                _values.Add(None);
            }
            node = next;
        }
        _values[node] = value;
    }

    /// <summary>The node after a character, or false where no token goes on with it.</summary>
    public bool TryStep(ref int node, char letter)
    {
        if (!_next.TryGetValue(KeyOf(node, letter), out int next)) return false;
        node = next;
        return true;
    }

    /// <summary>The node after a text, or false where no token begins with it.</summary>
    public bool TryWalk(ReadOnlySpan<char> text, out int node)
    {
        node = Root;
        foreach (char letter in text)
        {
            if (!TryStep(ref node, letter)) return false;
        }
        return true;
    }

    /// <summary>The value of the token that ends at a node, or false where none does.</summary>
    public bool TryGetValue(int node, out int value) => (value = _values[node]) != None;

    /// <summary>The value of a token, or false when it is not here.</summary>
    public bool TryFind(ReadOnlySpan<char> token, out int value)
    {
        value = None;
        return TryWalk(token, out int node) && TryGetValue(node, out value);
    }

    /// <summary>The longest token that goes on from a node with the start of a text, or false when none does.</summary>
    public bool TryFindLongest(int node, ReadOnlySpan<char> text, out int length, out int value)
    {
        (length, value) = (0, None);
        for (int i = 0; i < text.Length && TryStep(ref node, text[i]); i++)
        {
            if (TryGetValue(node, out int found)) (length, value) = (i + 1, found);
        }
        return length > 0;
    }

    private static long KeyOf(int node, char letter) => (long)node << 16 | letter;
}
