using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>Cuts a text into the words that a model takes one by one. Thread-safe.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Appends the words of a text.</summary>
    public abstract void Split(ReadOnlySpan<char> text, WordList words);
}

/// <summary>Words between white space, which goes.</summary>
internal sealed class WhitespacePreTokenizer : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, WordList words)
    {
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !char.IsWhiteSpace(text[i])) continue;
            words.Add(text[start..i]);
            start = i + 1;
        }
    }
}

/// <summary>Words between white space, which goes, and punctuation marks, each of which is a word.</summary>
internal sealed class BertPreTokenizer : PreTokenizer
{
    public override void Split(ReadOnlySpan<char> text, WordList words)
    {
        int start = 0;
        for (int i = 0; i < text.Length;)
        {
            int length = 1;
            bool space, mark;
            if (text[i] < 128)
            {
                (space, mark) = (char.IsWhiteSpace(text[i]), IsAsciiMark(text[i]));
            }
            else
            {
                Rune.DecodeFromUtf16(text[i..], out var rune, out length);
                (space, mark) = (Rune.IsWhiteSpace(rune), Rune.IsPunctuation(rune));
            }
            if (space || mark)
            {
                words.Add(text[start..i]);
                if (mark) words.Add(text.Slice(i, length));
                start = i + length;
            }
            i += length;
        }
        words.Add(text[start..]);
    }

    /// <summary>All that is neither letter, digit, space nor control: BERT takes $, + and &lt; as punctuation too.</summary>
    private static bool IsAsciiMark(char letter) => letter is >= '!' and <= '/' or >= ':' and <= '@' or >= '[' and <= '`' or >= '{' and <= '~';
}

/// <summary>Writes spaces as a visible mark, puts one before the first word, and cuts before each.</summary>
internal sealed class MetaspacePreTokenizer(char mark, bool prepend, bool split) : PreTokenizer
{
    /// <summary>What a space is written as.</summary>
    public char Mark => mark;

    public override void Split(ReadOnlySpan<char> text, WordList words)
    {
        if (text.IsEmpty) return;
        words.Scratch.Clear();
        if (prepend && text[0] != ' ' && text[0] != mark) words.Scratch.Append(mark);
        text.Replace(words.Scratch.Reserve(text.Length), ' ', mark);
        var marked = words.Scratch.Text;
        while (!marked.IsEmpty)
        {
            int next = split ? marked[1..].IndexOf(mark) : -1;
            int length = next < 0 ? marked.Length : next + 1;
            words.Add(marked[..length]);
            marked = marked[length..];
        }
    }
}
