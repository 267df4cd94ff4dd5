namespace MlAttention.Text;

/// <summary>What a token is.</summary>
public enum TokenizerKind
{
    /// <summary>
    /// A word, a number or a punctuation mark. Contractions (don't), signed and decimal numbers (-7, 3.14) stay whole; an ideograph,
    /// a kana and an emoji are tokens of their own.
    /// </summary>
    Word,
    /// <summary>A character (a Unicode scalar value); every run of white space is one space.</summary>
    Character,
    /// <summary>A part of a word, found by merging frequent neighbours (Sennrich et al. 2016).</summary>
    BytePair,
}
