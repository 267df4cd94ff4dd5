using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>SentencePiece's table of what becomes what: a trie of UTF-8 bytes in one array, and the texts that it points to.</summary>
/// <remarks>
/// A cluster of fewer than six bytes (a letter with its accents, say) becomes what its shortest beginning in the table becomes; else
/// each of its characters does. So do Hugging Face's library and the models that were trained with it.
/// </remarks>
internal sealed class PrecompiledNormalizer : Normalizer
{
    /// <summary>A longer replacement is no normalisation: the file is damaged.</summary>
    private const int MaxReplacementBytes = 200;

    private const int MaxClusterBytes = 5;

    private readonly uint[] _trie;
    private readonly byte[] _texts;
    private readonly string?[] _ascii = new string?[128];

    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> table)
    {
        uint trieBytes = table.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(table);
        if (trieBytes == 0 || trieBytes % sizeof(uint) != 0 || trieBytes > table.Length - sizeof(uint)) throw new InvalidDataException("the precompiled table of characters is cut short");
        _trie = new uint[trieBytes / sizeof(uint)];
        for (int i = 0; i < _trie.Length; i++) _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(sizeof(uint) * (i + 1))..]);
        _texts = table[(sizeof(uint) + (int)trieBytes)..].ToArray();
        if (LongestText() > MaxReplacementBytes) throw new InvalidDataException($"the precompiled table of characters has a replacement of more than {MaxReplacementBytes} bytes");
        for (int i = 1; i < _ascii.Length; i++) _ascii[i] = TryFind([(byte)i], out var found) ? Encoding.UTF8.GetString(found) : null;
    }

    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        Span<byte> bytes = stackalloc byte[MaxClusterBytes];
        while (!text.IsEmpty)
        {
            if (text[0] < 128 && text[0] != '\r' && (text.Length == 1 || text[1] < 128))
            {
                if (_ascii[text[0]] is { } known) output.Append(known);
                else output.Append(text[0]);
                text = text[1..];
                continue;
            }
            var cluster = text[..StringInfo.GetNextTextElementLength(text)];
            text = text[cluster.Length..];
            if (!TryAppend(cluster, bytes, output)) AppendEach(cluster, bytes, output);
        }
    }

    private void AppendEach(ReadOnlySpan<char> cluster, Span<byte> bytes, TextBuffer output)
    {
        while (!cluster.IsEmpty)
        {
            Rune.DecodeFromUtf16(cluster, out _, out int length);
            if (!TryAppend(cluster[..length], bytes, output)) output.Append(cluster[..length]);
            cluster = cluster[length..];
        }
    }

    private bool TryAppend(ReadOnlySpan<char> part, Span<byte> bytes, TextBuffer output)
    {
        if (!Encoding.UTF8.TryGetBytes(part, bytes, out int count) || !TryFind(bytes[..count], out var found)) return false;
        Encoding.UTF8.GetChars(found, output.Reserve(Encoding.UTF8.GetCharCount(found)));
        return true;
    }

    /// <summary>The replacement of the shortest beginning that has one.</summary>
    private bool TryFind(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        uint place = Offset(_trie[0]);
        foreach (byte value in key)
        {
            place ^= value;
            if (value == 0 || place >= _trie.Length || (_trie[place] & (1u << 31 | 0xFF)) != value) return false;
            bool leaf = (_trie[place] >> 8 & 1) == 1;
            place ^= Offset(_trie[place]);
            if (place >= _trie.Length) return false;
            if (!leaf) continue;
            uint start = _trie[place] & ~(1u << 31);
            if (start > _texts.Length) return false;
            replacement = _texts.AsSpan((int)start);
            int end = replacement.IndexOf((byte)0);
            if (end >= 0) replacement = replacement[..end];
            return true;
        }
        return false;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & (1u << 9)) >> 6);

    private int LongestText()
    {
        var (longest, start) = (0, 0);
        for (int i = 0; i <= _texts.Length; i++)
        {
            if (i < _texts.Length && _texts[i] != 0) continue;
            longest = Math.Max(longest, i - start);
            start = i + 1;
        }
        return longest;
    }
}
