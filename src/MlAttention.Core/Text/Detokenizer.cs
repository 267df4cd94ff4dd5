using System.Text;

namespace MlAttention.Core.Text;

/// <summary>Puts tokens together to a text, one after another: the inverse of a tokenizer, as far as it has one.</summary>
/// <param name="kind">What the tokens are; those of pretrained tokenizers have other rules.</param>
/// <remarks>
/// Characters and byte pairs know where white space was, and give it back as one space. Words do not: a space stands between two of them,
/// but none before a mark that closes (. , ; : ! ? % and closing brackets), none behind an opening bracket, and none between ideographs. No
/// tokenizer restores capital letters that it made small, several spaces in a row, marks that it left out, or words that it does not know.
/// </remarks>
internal sealed class Detokenizer(TokenizerKind kind)
{
    private const string Closing = ".,;:!?%)]}…", Opening = "([{";

    /// <summary>Appends a token to the text so far, with the space that belongs between them.</summary>
    public void Append(StringBuilder text, string token)
    {
        bool atBorder = text.Length == 0 || char.IsWhiteSpace(text[^1]);
        switch (kind)
        {
            case TokenizerKind.Character:
                if (!atBorder || !char.IsWhiteSpace(token[0])) text.Append(token);
                break;
            case TokenizerKind.BytePair:
                bool begins = token[0] == BytePairWords.StartOfWord;
                if (begins && !atBorder) text.Append(' ');
                text.Append(token, begins ? 1 : 0, begins ? token.Length - 1 : token.Length);
                break;
            default:
                if (!atBorder && !IsJoined(text, token)) text.Append(' ');
                text.Append(token);
                break;
        }
    }

    private static bool IsJoined(StringBuilder text, string token) => Closing.Contains(token[0], StringComparison.Ordinal) || Opening.Contains(text[^1], StringComparison.Ordinal)
        || (IsIdeograph(token) && IsIdeograph(text[^1].ToString()));

    private static bool IsIdeograph(string character) => CharacterClasses.At(character, out _) == CharacterClass.Ideograph;
}
