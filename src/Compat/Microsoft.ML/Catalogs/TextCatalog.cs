using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML;

/// <summary>Transforms of text columns.</summary>
public static class TextCatalog
{
    /// <summary>Changes the case, and takes out diacritics, punctuation or digits.</summary>
    public static TextNormalizingEstimator NormalizeText(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        TextNormalizingEstimator.CaseMode caseMode = TextNormalizingEstimator.CaseMode.Lower,
        bool keepDiacritics = false,
        bool keepPunctuations = true,
        bool keepNumbers = true) =>
        new(new TextNormalizingTransformer([new InputOutputColumnPair(outputColumnName, inputColumnName)], caseMode, keepDiacritics, keepPunctuations, keepNumbers));

    /// <summary>Splits text at separators, which are the space alone unless given.</summary>
    public static WordTokenizingEstimator TokenizeIntoWords(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        char[] separators = null) =>
        new(new WordTokenizingTransformer([new InputOutputColumnPair(outputColumnName, inputColumnName)], separators ?? [' ']));
}
