using System.Globalization;

namespace MlAttention.Text;

/// <summary>Words, numbers, and, if kept, punctuation marks and other symbols.</summary>
/// <remarks>
/// A word is a run of letters, marks and digits; an apostrophe between letters (don't, l'eau) and a point or comma between digits
/// (3.14, 1,000) belong to it. A minus before a digit belongs to the number at the start of the text, after white space and
/// after an opening bracket. Every other symbol is a token of its own; an emoji with its modifiers is one token.
/// </remarks>
internal sealed class WordSplitter(bool keepPunctuation) : ITextSplitter
{
    public void Split(ReadOnlySpan<char> text, List<TokenSpan> tokens)
    {
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            switch (CharacterClasses.At(text[i..], out var length))
            {
                case CharacterClass.Letter or CharacterClass.Digit:
                    end = EndOfWord(text, i);
                    tokens.Add(new TokenSpan(i, end - i));
                    break;
                case CharacterClass.Ideograph:
                    end = i + length;
                    tokens.Add(new TokenSpan(i, length));
                    break;
                case CharacterClass.Symbol when IsSign(text, i):
                    end = EndOfWord(text, i + 1);
                    tokens.Add(new TokenSpan(i, end - i));
                    break;
                case CharacterClass.Symbol:
                    end = i + (text[i] < 128 ? 1 : StringInfo.GetNextTextElementLength(text[i..]));
                    if (keepPunctuation) tokens.Add(new TokenSpan(i, end - i));
                    break;
                default:
                    end = i + length;
                    break;
            }

            i = end;
        }
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        var previous = CharacterClass.Symbol;
        for (var i = start; i < text.Length;)
        {
            var here = CharacterClasses.At(text[i..], out var length);
            if (here is not (CharacterClass.Letter or CharacterClass.Digit))
            {
                var next = i + length < text.Length ? CharacterClasses.At(text[(i + length)..], out _) : CharacterClass.Space;
                var joins = here == CharacterClass.Format ? next is CharacterClass.Letter or CharacterClass.Digit
                    : text[i] is '\'' or '\u2019' ? previous == CharacterClass.Letter && next == CharacterClass.Letter
                    : text[i] is '.' or ',' && previous == CharacterClass.Digit && next == CharacterClass.Digit;
                if (!joins) return i;
            }
            else
            {
                previous = here;
            }

            i += length;
        }

        return text.Length;
    }

    private static bool IsSign(ReadOnlySpan<char> text, int i)
    {
        if (text[i] is not ('-' or '\u2212') || i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1])) return false;
        return i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '(' or '[' or '{';
    }
}
