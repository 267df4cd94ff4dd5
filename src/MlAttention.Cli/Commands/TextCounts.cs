using MlAttention.Reporting;

namespace MlAttention.Cli.Commands;

/// <summary>What a model saw of many texts, counted.</summary>
/// <param name="longest">The tokens of a text that the model reads, at most.</param>
internal sealed class TextCounts(int longest)
{
    private const double ManyUnknown = 0.2; // a share of all tokens

    /// <summary>The texts.</summary>
    public long Texts { get; private set; }

    /// <summary>Texts that were cut to the model's longest length.</summary>
    public long Cut { get; private set; }

    /// <summary>Texts without a word.</summary>
    public long Empty { get; private set; }

    /// <summary>Texts with words of which the model knows none.</summary>
    public long Unknown { get; private set; }

    /// <summary>Tokens that the model read.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens among them that it does not know.</summary>
    public long UnknownTokens { get; private set; }

    /// <summary>The tokens of a text that the model reads, at most.</summary>
    public int Longest => longest;

    /// <summary>Counts a text.</summary>
    public void Add(TextTokens text)
    {
        Texts++;
        if (text.IsCut) Cut++;
        if (text.IsEmpty) Empty++;
        if (text.IsUnknown) Unknown++;
        Tokens += text.Read;
        UnknownTokens += text.Read - text.Known;
    }

    /// <summary>What a user should know before trusting the predictions; nothing when all is well.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Cut > 0) yield return $"{Of(Cut)} longer than the {Quantity(longest, "token")} that the model reads, and cut. Train with a larger --max-length to read them whole.";
        if (Empty > 0) yield return $"{Of(Empty)} empty: what is predicted for no words says nothing.";
        if (Unknown > 0) yield return $"{Of(Unknown)} without any word that the model knows: what is predicted for them says little.";
        if (Empty + Unknown < Texts && UnknownTokens >= ManyUnknown * Tokens) yield return $"{ReportText.Percent((double)UnknownTokens / Tokens)} of the tokens are unknown to the model. Do the texts resemble those that it was trained on?";
    }

    private string Of(long count) => $"{ReportText.Count(count)} of {Quantity(Texts, "text")} {(count == 1 ? "is" : "are")}";

    private static string Quantity(long count, string noun) => $"{ReportText.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
