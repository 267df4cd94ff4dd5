using System.Buffers;
using System.Globalization;
using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>A token that is found in a text as it is written, before any splitting, such as [MASK].</summary>
/// <param name="Content">How it is written.</param>
/// <param name="Id">Its id.</param>
internal sealed record AddedToken(string Content, int Id)
{
    /// <summary>Whether it is looked for after normalisation, and not in the text as it is.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether white space before it belongs to it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether white space after it belongs to it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is no token next to a letter or a digit.</summary>
    public bool SingleWord { get; init; }
}

/// <summary>Finds added tokens in a text, from the left, the longest first. Thread-safe once filled.</summary>
internal sealed class AddedTokenFinder
{
    private readonly TokenTrie _trie = new();
    private readonly List<AddedToken> _tokens = [];

    /// <summary>Whether a token begins with an ASCII character, which few do: a quick look before the walk.</summary>
    private readonly bool[] _begins = new bool[128];

    /// <param name="content">How the token is written where it is looked for.</param>
    /// <param name="token">The token.</param>
    public void Add(ReadOnlySpan<char> content, AddedToken token)
    {
        if (content.IsEmpty) return;
        _trie.Add(content, _tokens.Count);
        _tokens.Add(token);
        if (content[0] < _begins.Length) _begins[content[0]] = true;
    }

    /// <summary>The first token of a text, or false when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="start">Where the token begins, with the white space that belongs to it.</param>
    /// <param name="end">Where it ends, likewise.</param>
    /// <param name="id">Its id.</param>
    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end, out int id)
    {
        (start, end, id) = (text.Length, text.Length, 0);
        if (_tokens.Count == 0) return false;
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] < _begins.Length && !_begins[text[i]]) continue;
            if (!_trie.TryFindLongest(TokenTrie.Root, text[i..], out int length, out int index)) continue;
            var token = _tokens[index];
            if (token.SingleWord && (EndsInWord(text[..i]) || StartsWithWord(text[(i + length)..])))
            {
                i += length - 1;
                continue;
            }
            (start, end, id) = (i, i + length, token.Id);
            if (token.StripsLeft) start = Math.Max(from, text[..start].TrimEnd().Length);
            if (token.StripsRight) end = text.Length - text[end..].TrimStart().Length;
            return true;
        }
        return false;
    }

    private static bool EndsInWord(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsOfWord(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && IsOfWord(rune);

    /// <summary>Letters, marks, digits and connectors; circled letters and the joiners between letters too.</summary>
    private static bool IsOfWord(Rune rune) => rune.Value is 0x200C or 0x200D or >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189
        || Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
