using System.Text;

namespace MlAttention.Text;

/// <summary>Each Unicode scalar value is a token; a run of white space is one token, its first character, and none at the ends.</summary>
internal sealed class CharacterSplitter : ITextSplitter
{
    public void Split(ReadOnlySpan<char> text, List<TokenSpan> tokens)
    {
        var pendingSpace = -1;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var length);
            if (Rune.IsWhiteSpace(rune))
            {
                if (pendingSpace < 0 && tokens.Count > 0) pendingSpace = i;
            }
            else
            {
                if (pendingSpace >= 0) tokens.Add(new TokenSpan(pendingSpace, 1));
                pendingSpace = -1;
                tokens.Add(new TokenSpan(i, length));
            }

            i += length;
        }
    }
}
