using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>Characters that are appended and then read; grows to the longest text, and then allocates nothing.</summary>
internal sealed class TextBuffer
{
    private char[] _characters = new char[256];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _characters.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(char character) => Reserve(1)[0] = character;

    public void Append(ReadOnlySpan<char> text) => text.CopyTo(Reserve(text.Length));

    public void Append(Rune rune)
    {
        if (rune.IsBmp) Append((char)rune.Value);
        else rune.EncodeToUtf16(Reserve(2));
    }

    /// <summary>Room at the end, which counts as appended.</summary>
    public Span<char> Reserve(int count)
    {
        if (Length + count > _characters.Length) Array.Resize(ref _characters, Math.Max(Length + count, _characters.Length * 2));
        Length += count;
        return _characters.AsSpan(Length - count, count);
    }

    /// <summary>Takes back what was reserved and not used.</summary>
    public void Cut(int length) => Length = length;
}

/// <summary>The words that a text is cut into before a model sees it.</summary>
internal sealed class WordList
{
    private readonly TextBuffer _text = new();
    private readonly List<(int Start, int Length)> _words = [];

    public int Count => _words.Count;

    public ReadOnlySpan<char> this[int index] => _text.Text.Slice(_words[index].Start, _words[index].Length);

    /// <summary>Memory for who adds words.</summary>
    public TextBuffer Scratch { get; } = new();

    public void Clear()
    {
        _text.Clear();
        _words.Clear();
    }

    public void Add(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty) return;
        _words.Add((_text.Length, word.Length));
        _text.Append(word);
    }
}
